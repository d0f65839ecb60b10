// A dispatcher on a stage: clients and servers say their lines, and every command that follows is noted.
import { createDispatcher, type Dispatcher } from "../../src/dispatch/dispatcher.ts";
import type { Asks, Command, Event, Told } from "../../src/dispatch/event.ts";
import type { DispatchOptions } from "../../src/dispatch/options.ts";
import type { StoreAnswer } from "../../src/dispatch/gates/store-need.ts";
import type { DecisionRecord } from "../../src/engine/decision-record.ts";
import type { Principal } from "../../src/engine/facts.ts";
import { indexPolicy, type IndexedPolicy } from "../../src/engine/index-policy.ts";
import { createPolicyStore, type PolicyStore, type Revision } from "../../src/engine/policy-store.ts";
import { compilePolicy } from "../../src/language/compile-policy.ts";
import { replyOf, type ServerScript, serverOptions } from "./server-script.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../src/mcp/json.ts";

const NOW = Date.UTC(2026, 10, 25);

export type { ServerScript } from "./server-script.ts";

export interface Scene {
  readonly policy?: string;
  readonly servers?: Readonly<Record<string, ServerScript>>;
  readonly client?: JsonObject;
  /** Who comes in through which face of the proxy; absent: nobody in particular. */
  readonly who?: Pick<Principal, "user" | "profile">;
  readonly options?: Partial<DispatchOptions>;
}

/** `client`, or a server's name, and what it is sent. Ids that the proxy minted after the opening scene read `$1`, `$2` … for each peer. */
export type Said = readonly [to: string, message: JsonValue];

const NOBODY = { user: undefined, profile: undefined };

export const ALLOW = "default allow";

/** A condition that has to be asked for outside: functions with a signature are left to the jsonata package. */
export function asked(expression: string): string {
  return `where (function($x)<x:b>{$boolean($x)}(${expression}))`;
}

/** What is sealed can be read here, and still nobody else can make one by chance. */
const SEALED = /^sealed:(.*)$/s;
const OPEN_SEAL: DispatchOptions["seal"] = {
  seal: (plain) => `sealed:${plain}`,
  open: (sealed) => SEALED.exec(sealed)?.[1],
  digest: (text) => `digest of ${text}`,
};

/** Compiling takes long, and many scenes share a policy. */
const compiled = new Map<string, IndexedPolicy>();

export function revisionOf(policy: string, id = "r1"): Revision {
  const known = compiled.get(policy) ?? indexed(policy);
  compiled.set(policy, known);
  return { id, policy: known };
}

function indexed(policy: string): IndexedPolicy {
  const text = `mcprules 1\n${policy}`;
  const outcome = compilePolicy([{ path: "test.mcprules", text }], { now: NOW });
  if (outcome.policy === undefined) throw new Error(JSON.stringify(outcome.diagnostics));
  return indexPolicy(outcome.policy);
}

export class Stage {
  now = NOW;
  readonly store: PolicyStore = createPolicyStore();
  readonly dispatcher: Dispatcher;
  /** All commands that are no messages, since the opening scene. */
  readonly others: Command[] = [];
  private readonly scripts: Readonly<Record<string, ServerScript>>;
  private readonly aliases = new Map<string, string>();
  private readonly counts = new Map<string, number>();
  private isOpening = true;
  private tokens = 0;

  constructor(scene: Scene = {}) {
    this.scripts = scene.servers ?? { a: {} };
    this.store.swap(revisionOf(scene.policy ?? ALLOW));
    this.dispatcher = createDispatcher(
      {
        servers: Object.entries(this.scripts).map(([name, script]) => serverOptions(name, script)),
        naming: "plain",
        names: undefined,
        limits: { depth: 64, inFlight: 100 },
        proxy: { name: "mcprules", version: "1.2.3" },
        seal: OPEN_SEAL,
        token: () => `token-${(this.tokens += 1)}`,
        ...scene.options,
      },
      this.store,
    );
  }

  /** All servers are up, everybody has introduced himself, all lists are known. */
  static open(scene: Scene = {}): Stage {
    const stage = new Stage(scene);
    stage.happen({ kind: "client-opened", client: "c", ...(scene.who ?? NOBODY) });
    stage.client(hello(scene.client));
    for (const name of Object.keys(stage.scripts)) stage.raise(name);
    stage.client({ method: "notifications/initialized" });
    stage.isOpening = false;
    stage.others.length = 0;
    return stage;
  }

  /** As `open`, with a client of the modern era, which asks the proxy what it can do. */
  static modern(scene: Scene = {}): Stage {
    const stage = new Stage(scene);
    stage.happen({ kind: "client-opened", client: "c", ...(scene.who ?? NOBODY) });
    for (const name of Object.keys(stage.scripts)) stage.raise(name);
    const said = stage.client(modern("hello", "server/discover"));
    for (const name of Object.keys(stage.scripts)) stage.play(name, said);
    stage.isOpening = false;
    stage.others.length = 0;
    return stage;
  }

  happen(event: Event): readonly Said[] {
    const commands = this.dispatcher.handle(event, this.now);
    this.others.push(...commands.filter(({ kind }) => kind !== "to-client" && kind !== "to-server"));
    return commands.flatMap((command) => this.said(command));
  }

  client(message: JsonValue, client = "c"): readonly Said[] {
    return this.happen({ kind: "client-message", client, bytes: this.bytesOf("client", message) });
  }

  server(server: string, message: JsonValue, client = "c"): readonly Said[] {
    return this.happen({ kind: "server-message", client, server, bytes: this.bytesOf(server, message) });
  }

  /** The server starts, and plays its script until it has nothing more to say. */
  raise(server: string, client = "c"): readonly Said[] {
    return this.play(server, this.happen({ kind: "server-opened", client, server }), client);
  }

  /** The server answers what it was asked by its script. What it has no line for is handed back, with all else. */
  play(server: string, said: readonly Said[], client = "c"): readonly Said[] {
    return said.flatMap((entry) => {
      const [to, message] = entry;
      const reply = to === server ? replyOf(this.scripts[server] ?? {}, message) : undefined;
      return reply === undefined ? [entry] : this.play(server, this.server(server, reply, client), client);
    });
  }

  drop(server: string, reason = "exited with code 1"): readonly Said[] {
    return this.happen({ kind: "server-closed", client: "c", server, reason });
  }

  /** What was waited for before servers that ended are started again is over, and this one comes up. */
  restart(server: string): readonly Said[] {
    const said = this.others.flatMap((command) =>
      command.kind === "set-timer" && command.spreadMs !== undefined
        ? this.happen({ kind: "timer-fired", timer: command.timer })
        : [],
    );
    return [...said, ...this.raise(server)];
  }

  /** A new policy is swapped in and told of. */
  swap(policy: string): readonly Said[] {
    this.store.swap(revisionOf(policy, `r${this.store.history().length + 1}`));
    return this.happen({ kind: "policy-changed" });
  }

  /** The timer of this many milliseconds that was set last. */
  fire(milliseconds: number): readonly Said[] {
    const timer = this.others.findLast((command) => command.kind === "set-timer" && command.afterMs === milliseconds);
    if (timer?.kind !== "set-timer") throw new Error("no such timer was set");
    return this.happen({ kind: "timer-fired", timer: timer.timer });
  }

  /** Answers the evaluation that was asked for first and not answered yet. */
  answer(value: JsonValue): readonly Said[] {
    return this.tell({ kind: "evaluate", answer: { kind: "value", value } });
  }

  /** What is asked of the world and not answered yet. */
  asked(): readonly Asks[] {
    return this.others.flatMap((command) => (command.kind === "answer-need" ? [command.asks] : []));
  }

  /** Answers what was asked for first and not answered yet. */
  tell(answer: Told): readonly Said[] {
    const index = this.others.findIndex(({ kind }) => kind === "answer-need");
    const [command] = this.others.splice(index, 1);
    if (command?.kind !== "answer-need") throw new Error("nothing was asked");
    return this.happen({ kind: "need-answered", need: command.need, answer });
  }

  /** As `tell`: the store answers. */
  remembers(answer: StoreAnswer): readonly Said[] {
    return this.tell({ kind: "store", answer });
  }

  /** One message as bytes, and the bytes of the first message that follows to `to`. */
  bytesTo(to: "client" | "server", event: Event): string {
    const command = this.dispatcher.handle(event, this.now).find(({ kind }) => kind === `to-${to}`);
    return command?.kind === "to-client" || command?.kind === "to-server"
      ? Buffer.concat(command.bytes).toString()
      : "";
  }

  /** The id that stands behind an alias. */
  idOf(peer: string, alias: string): string {
    return this.aliases.get(`${peer} ${alias}`) ?? alias;
  }

  records(): readonly DecisionRecord[] {
    return this.others.flatMap((command) => (command.kind === "record" ? [command.record] : []));
  }

  reports(): readonly string[] {
    return this.others.flatMap((command) => (command.kind === "report" ? [command.text] : []));
  }

  private said(command: Command): readonly Said[] {
    if (command.kind !== "to-client" && command.kind !== "to-server") return [];
    const to = command.kind === "to-client" ? "client" : command.server;
    const message = JSON.parse(Buffer.concat(command.bytes).toString()) as JsonValue;
    return [[to, this.isOpening ? message : this.shown(to, withoutVersion(message))]];
  }

  private shown(to: string, message: JsonValue): JsonValue {
    if (!isJsonObject(message)) return message;
    const { id, method } = message;
    if (typeof id === "number" && typeof method === "string" && !this.isOwnId(to, id)) this.name(to, id);
    return mapped(message, (value) =>
      typeof value === "number" ? (this.aliases.get(`${to} ${value}`) ?? value) : value,
    );
  }

  private isOwnId(to: string, id: number): boolean {
    return this.aliases.has(`${to} ${id}`);
  }

  private name(to: string, id: number): void {
    const count = (this.counts.get(to) ?? 0) + 1;
    this.counts.set(to, count);
    this.aliases.set(`${to} ${id}`, `$${count}`);
    this.aliases.set(`${to} $${count}`, String(id));
  }

  private bytesOf(from: string, message: JsonValue): Buffer {
    const real = mapped(message, (value) => {
      const id = typeof value === "string" ? this.aliases.get(`${from} ${value}`) : undefined;
      return id === undefined ? value : Number(id);
    });
    const whole = isJsonObject(real) ? { jsonrpc: "2.0", ...real } : real;
    return Buffer.from(JSON.stringify(whole));
  }
}

export function hello(params: JsonObject = {}): JsonObject {
  const capabilities = { sampling: {}, elicitation: {}, roots: { listChanged: true } };
  const clientInfo = { name: "tester", version: "1" };
  return {
    id: "hello",
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities, clientInfo, ...params },
  };
}

const CLAIM = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "tester", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": { sampling: {}, elicitation: {}, roots: {} },
};

/** A request of a modern client. `meta`: beside what it says of itself, or in the place of it. */
export function modern(id: JsonValue, method: string, params: JsonObject = {}, meta: JsonObject = {}): JsonObject {
  return { id, method, params: { ...params, _meta: { ...CLAIM, ...meta } } };
}

function withoutVersion(message: JsonValue): JsonValue {
  if (isJsonArray(message)) return message.map(withoutVersion);
  if (!isJsonObject(message)) return message;
  const { jsonrpc: _version, ...rest } = message;
  return rest;
}

function mapped(value: JsonValue, change: (leaf: JsonValue) => JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map((entry) => mapped(entry, change));
  if (!isJsonObject(value)) return change(value);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mapped(entry, change)]));
}
