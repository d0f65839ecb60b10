// Where texts to translate come from: the servers themselves, the lock, a log of whole messages, and the policy's own words.
import { readFileSync } from "node:fs";
import type { Facts } from "../../engine/facts.ts";
import { bodySteps } from "../../engine/natural-body.ts";
import type { FoundText } from "../../engine/translation/found-text.ts";
import { gatherTexts } from "../../engine/translation/gather-texts.ts";
import { policyContext, type PolicyText, templateText } from "../../engine/translation/policy-texts.ts";
import type { Path, Step } from "../../expression/path.ts";
import { lockPlaces, readLockFile } from "../../io/lock-file.ts";
import { surveyServer } from "../../io/servers/server-survey.ts";
import type { Settings } from "../../io/settings/settings.ts";
import type { SourceEntry } from "../../io/translators/po-file.ts";
import type { CompiledPolicy, CompiledRule, Template } from "../../language/compiled-policy.ts";
import type { LockedServer } from "../../mcp/catalogue-lock.ts";
import { isJsonObject, type JsonObject } from "../../mcp/json.ts";
import { LISTS } from "../../mcp/lists.ts";
import { printable } from "../paint.ts";

export interface Extracted {
  readonly entries: readonly SourceEntry[];
  /** Servers whose things are all among them. */
  readonly asked: ReadonlySet<string>;
  /** For people: servers that could not be asked. */
  readonly failures: readonly string[];
}

/** How long a server may take to start and to say what it has; `npx` may have to fetch it first. */
const PATIENCE_MS = 60_000;

export async function textsOfServers(settings: Settings): Promise<Extracted> {
  const surveys = await Promise.all(
    settings.servers.map(async (server) => ({
      name: server.name,
      survey: await surveyServer(server, settings, PATIENCE_MS),
    })),
  );
  return {
    entries: surveys.flatMap(({ name, survey }) =>
      survey.kind === "server" ? textsOfThings(name, survey.server) : [],
    ),
    asked: new Set(surveys.flatMap(({ name, survey }) => (survey.kind === "server" ? [name] : []))),
    failures: surveys.flatMap(({ name, survey }) =>
      survey.kind === "failed"
        ? [`error: the server \`${name}\` cannot be asked what it has: ${printable(survey.reason)}`]
        : [],
    ),
  };
}

export interface LogContext {
  readonly settings: Settings;
  readonly rules: readonly string[];
  readonly policy: CompiledPolicy;
}

/** Of things, what the lock says; of messages, what the log holds. A text says why the log cannot be read. */
export function textsOfLog(file: string, { settings, rules, policy }: LogContext): Extracted | string {
  const reading = readLockFile(lockPlaces({ settings: settings.file, rules }));
  const servers = reading.kind === "lock" ? [...reading.lock.servers] : [];
  let lines: readonly string[];
  try {
    lines = readFileSync(file, "utf8").split("\n");
  } catch {
    return `the log \`${file}\` cannot be read`;
  }
  const messages = lines.flatMap((line) => textsOfLine(line, policy));
  return {
    entries: [...servers.flatMap(([name, server]) => textsOfThings(name, server)), ...messages],
    asked: new Set(servers.map(([name]) => name)),
    failures: [],
  };
}

/** Reasons and questions, as their rules have them, with what is filled in left open. */
export function textsOfPolicy({ rules }: CompiledPolicy): readonly SourceEntry[] {
  return rules.flatMap((rule) => [...textsOfVerdicts(rule)]);
}

function textsOfThings(server: string, { things }: LockedServer): readonly SourceEntry[] {
  return LISTS.flatMap(({ kind }) =>
    [...things[kind]].flatMap(([own, { definition }]) =>
      gatherTexts({ kind: "definition", server, thing: kind, own }, definition, undefined).map((found) =>
        entryOf(found, `${server}:${own}`),
      ),
    ),
  );
}

function entryOf({ context, text, about }: FoundText, reference: string): SourceEntry {
  // References end at white space.
  return { context, text, about, reference: reference.replaceAll(/\s+/g, "_") };
}

/** Lists are logged as clients get them, translated already, so they are passed over. */
function textsOfLine(line: string, policy: CompiledPolicy): readonly SourceEntry[] {
  const logged = parsed(line);
  const { kind, method, from, server, name, message } = logged ?? {};
  const isMessage = kind === "request" || kind === "notification" || kind === "result" || kind === "error";
  if (!isMessage || typeof method !== "string" || !isJsonObject(message) || typeof server !== "string") return [];
  if (kind === "result" && LISTS.some((list) => list.method === method)) return [];
  const facts: Facts = {
    kind,
    method,
    from: from === "client" ? "client" : "server",
    server,
    name: typeof name === "string" ? name : undefined,
    principal: { client: undefined, user: undefined, profile: undefined },
  };
  const named = pathsNamed(policy, facts);
  const of = { kind: "message", facts } as const;
  const found = [...gatherTexts(of, message, undefined), ...gatherTexts(of, message, named)];
  return found.map((text) => entryOf(text, `${server}:${method}`));
}

/** Where rules on this method translate what is not translated unless it is named. */
function pathsNamed({ rules }: CompiledPolicy, facts: Facts): readonly (readonly Step[])[] {
  const about = rules.filter(({ head }) =>
    head.targets.some((target) => target.kind === "method" && target.method.matchesName(facts.method) === "yes"),
  );
  return about.flatMap(({ transforms }) =>
    transforms.flatMap((transform) =>
      transform.kind === "translate" ? (transform.paths ?? []).map((path) => stepsOf(path, facts)) : [],
    ),
  );
}

function stepsOf({ absolute, steps }: Path, facts: Facts): readonly Step[] {
  return absolute ? steps : [...bodySteps(facts), ...steps];
}

function parsed(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function textsOfVerdicts({ id, verdicts }: CompiledRule): readonly SourceEntry[] {
  return verdicts.flatMap((verdict) => {
    const refusal = verdict.kind === "limit" ? verdict.otherwise : verdict;
    if (refusal?.kind === "block" && refusal.reason) return [policyEntry(id, "reason", refusal.reason)];
    return refusal?.kind === "ask" && refusal.text ? [policyEntry(id, "text", refusal.text)] : [];
  });
}

function policyEntry(id: string, what: PolicyText, template: Template): SourceEntry {
  return {
    context: policyContext(id, what),
    text: templateText(template),
    about: `${what === "reason" ? "reason" : "question"} of rule ${id}`,
    reference: `policy:${id}`,
  };
}
