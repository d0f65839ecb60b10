// What one server offers: asked through the proxy itself, with a policy that allows everything, so that it is spoken to as ever.
import { setTimeout as delay } from "node:timers/promises";
import { createDispatcher } from "../../dispatch/dispatcher.ts";
import type { Event } from "../../dispatch/event.ts";
import { DEFAULT_LIFE } from "../../dispatch/life/life-options.ts";
import { indexPolicy } from "../../engine/index-policy.ts";
import { createPolicyStore, type PolicyStore } from "../../engine/policy-store.ts";
import { compilePolicy } from "../../language/compile-policy.ts";
import { type LockedServer, lockedThings } from "../../mcp/catalogue-lock.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import { type ListedKind, type ListFacts, listOfKind } from "../../mcp/lists.ts";
import type { DecisionLog } from "../log/decision-log.ts";
import { dispatchOptionsOf } from "../dispatch-options.ts";
import { createEvaluator } from "../evaluation/evaluator.ts";
import { digest } from "../lock-file.ts";
import type { ServerSettings, Settings } from "../settings/settings.ts";
import { SURVEY_CAPABILITIES, SurveyClient } from "./survey-client.ts";
import { Switchboard } from "../switchboard.ts";
import { VERSION } from "../version.ts";

export type SurveySettings = Pick<Settings, "limits" | "keys">;

export type Survey =
  | { readonly kind: "server"; readonly server: LockedServer }
  /** `reason`: for people, after the name of the server; `said`: the last of what it wrote to its stderr. */
  | { readonly kind: "failed"; readonly reason: string; readonly said: readonly string[] };

/** Starts the server, asks, and ends it. Gives up after `patienceMs`. */
export async function surveyServer(
  server: ServerSettings,
  settings: SurveySettings,
  patienceMs: number,
): Promise<Survey> {
  const survey = new ServerSurvey(server, settings);
  const over = new AbortController();
  const tooLong = delay(patienceMs, undefined, { signal: over.signal }).then(
    () => `did not say within ${patienceMs / 1000} s what it has`,
    () => "",
  );
  const outcome = await Promise.race([survey.ask(), survey.failure, tooLong]);
  over.abort();
  const said = survey.said.slice(-LAST_WORDS);
  await survey.close();
  return typeof outcome === "string" ? { kind: "failed", reason: outcome, said } : { kind: "server", server: outcome };
}

/** Lines of stderr that are shown of a server that failed. */
const LAST_WORDS = 5;
/** So long no list may have changed before they are taken to be whole, in milliseconds: some servers add to theirs once they know the client. */
const QUIET_MS = 300;
/** Readings of lists that never come to rest. */
const MOST_READINGS = 20;

/** It is needed at once, and for this only; one that fails is not started again. */
const LIFE = { ...DEFAULT_LIFE, restart: { minMs: 3_600_000, maxMs: 3_600_000 } };

class ServerSurvey {
  readonly said: string[] = [];
  /** Resolves with the reason when the server cannot be asked. */
  readonly failure: Promise<string>;
  private fail: (reason: string) => void = () => undefined;
  private introduce: (info: JsonObject) => void = () => undefined;
  /** What the server said of itself in its handshake. */
  private readonly introduced: Promise<JsonObject>;
  private readonly client: SurveyClient;
  private readonly switchboard: Switchboard;
  private readonly evaluator = createEvaluator();

  constructor(server: ServerSettings, settings: SurveySettings) {
    this.failure = new Promise((resolve) => {
      this.fail = resolve;
    });
    this.introduced = new Promise((resolve) => {
      this.introduce = resolve;
    });
    const options = dispatchOptionsOf({
      ...settings,
      servers: [{ ...server, life: LIFE }],
      naming: "plain",
      names: undefined,
    });
    const limits = { ...options.limits, messageBytes: settings.limits.messageBytes };
    this.client = new SurveyClient(limits);
    const dispatcher = createDispatcher(options, allowingStore());
    this.switchboard = new Switchboard({
      handle: (event, now) => {
        this.overhear(event);
        return dispatcher.handle(event, now);
      },
      servers: [server],
      limits,
      evaluator: this.evaluator,
      log: this.log(),
    });
  }

  async ask(): Promise<LockedServer> {
    const { client } = this;
    void this.switchboard.openClient({
      input: client.says,
      output: client.hears,
      patienceMs: 0,
      user: undefined,
      profile: undefined,
    });
    const clientInfo = { name: "mcprules", title: "mcprules lock", version: VERSION };
    const greeted = await client.ask("initialize", {
      protocolVersion: PROTOCOL,
      capabilities: SURVEY_CAPABILITIES,
      clientInfo,
    });
    if (isJsonObject(greeted["error"])) this.fail(messageOf(greeted["error"]));
    client.tell("notifications/initialized");
    const { name, version } = await this.introduced;
    const things = lockedThings(await this.readLists(), digest);
    return { name: textOf(name), version: textOf(version), things };
  }

  async close(): Promise<void> {
    this.client.says.end();
    await this.switchboard.close(false);
    await this.evaluator.close();
  }

  /** Again, as long as the server says that they are others. */
  private async readLists(): Promise<Definitions> {
    for (let readings = 1; ; readings += 1) {
      await delay(QUIET_MS);
      const before = this.client.changes;
      const definitions = {
        tool: await this.read("tool"),
        prompt: await this.read("prompt"),
        resource: await this.read("resource"),
        template: await this.read("template"),
      };
      await delay(QUIET_MS);
      if (this.client.changes === before || readings === MOST_READINGS) return definitions;
    }
  }

  private async read(kind: ListedKind): Promise<readonly JsonObject[]> {
    const list = listOfKind(kind);
    return entriesIn(await this.client.ask(list.method), list);
  }

  private overhear(event: Event): void {
    if (event.kind === "server-closed") this.fail(event.reason);
    if (event.kind !== "server-message") return;
    const info = introductionIn(event.bytes);
    if (info !== undefined) this.introduce(info);
  }

  private log(): DecisionLog {
    return {
      record: () => undefined,
      line: () => undefined,
      report: (level, text) => {
        if (level === "error" || LIST_FAILED.test(text)) this.fail(text);
      },
      serverSaid: (_server, text) => void this.said.push(text),
      close: () => Promise.resolve(),
    };
  }
}

/** The proxy goes on without such a list; here it would be taken for an empty one. */
const LIST_FAILED = /^`[\w/]+\/list` failed: /;

type Definitions = Readonly<Record<ListedKind, readonly JsonObject[]>>;

const PROTOCOL = "2025-11-25";

function allowingStore(): PolicyStore {
  const { policy } = compilePolicy([{ path: "lock", text: "mcprules 1\ndefault allow\n" }], { now: 0 });
  if (policy === undefined) throw new Error("the policy that allows everything is not sound");
  const store = createPolicyStore();
  store.swap({ id: "lock", policy: indexPolicy(policy) });
  return store;
}

/** Of the result of a handshake; in the modern era of any result. */
function introductionIn(bytes: Buffer): JsonObject | undefined {
  if (!bytes.includes('serverInfo"')) return undefined;
  const message = jsonOf(bytes);
  const result = isJsonObject(message) ? message["result"] : undefined;
  if (!isJsonObject(result)) return undefined;
  const { serverInfo, _meta: meta } = result;
  const info = serverInfo ?? (isJsonObject(meta) ? meta["io.modelcontextprotocol/serverInfo"] : undefined);
  return isJsonObject(info) ? info : undefined;
}

function jsonOf(bytes: Buffer): JsonValue | undefined {
  try {
    return JSON.parse(bytes.toString()) as JsonValue;
  } catch {
    return undefined;
  }
}

/** A server that has no such things answers with an error, and so has none. */
function entriesIn({ result }: JsonObject, { member }: ListFacts): readonly JsonObject[] {
  const entries = isJsonObject(result) ? result[member] : undefined;
  return isJsonArray(entries) ? entries.filter(isJsonObject) : [];
}

function messageOf({ message }: JsonObject): string {
  return textOf(message);
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}
