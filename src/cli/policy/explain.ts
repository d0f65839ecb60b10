// `mcprules explain`: why one message from a file ends as it does under a policy.
import { reachesServer } from "../../inspect/play/test-message.ts";
import { withPrincipal } from "../../inspect/play/given.ts";
import {
  explainMessage,
  type Explained,
  type ExplainedMessage,
  type Question,
} from "../../inspect/explain/explain-message.ts";
import type { Principal } from "../../engine/facts.ts";
import type { PrincipalKind } from "../../language/compiled-value.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import { nearest } from "../../source/nearest.ts";
import { LISTS } from "../../mcp/lists.ts";
import { methodFacts } from "../../mcp/methods.ts";
import { readJsonObject } from "../json-file.ts";
import { type KnownPolicy, policiesMeant } from "./known-to-policy.ts";
import { loadPolicy } from "./load-policy.ts";
import { paintFor, type Paint } from "../paint.ts";
import { renderExplanation, row, shownJson } from "./render-explanation.ts";
import { printJson } from "../print-json.ts";

export interface ExplainRequest {
  /** A JSON file, or `-` for stdin. */
  readonly file: string;
  /** None: those of the settings. */
  readonly rules?: readonly string[];
  /** A settings file: then what it names is known, and the lock beside it counts. */
  readonly config?: string;
  readonly on?: string;
  /** A JSON file: what the server offers. */
  readonly catalogue?: string;
  readonly from?: "client" | "server";
  readonly user?: string;
  readonly group?: readonly string[];
  readonly client?: string;
  readonly profile?: string;
  /** A point in time, as `given now` takes it. */
  readonly now?: string;
  readonly json?: boolean;
}

/** The exit code: 0 explained, whatever the verdict; 1 there is no message or no sound policy. */
export async function explain(request: ExplainRequest): Promise<number> {
  const question = questionFrom(request);
  if (typeof question === "string") return complain(question);
  const { json = false } = request;
  const meant = await meantBy(request);
  if (typeof meant === "number") return meant;
  const policy = await loadPolicy(meant, json ? "nothing" : "all");
  const { diagnostics } = policy;
  if (policy.kind === "none") {
    if (json) printJson({ diagnostics, problems: policy.problems ?? [] });
    return 1;
  }
  try {
    warnOfServer(question, policy.revision.policy.policy.serversNamed);
    const explained = await policy.fulfil(explainMessage(policy.revision, question));
    if (json) printJson({ diagnostics, ...explained });
    else print(explained, question, paintFor(process.stdout));
  } finally {
    await policy.close();
  }
  return 0;
}

/** A number is the exit code: the reason was told. */
async function meantBy({ rules = [], config, profile }: ExplainRequest): Promise<KnownPolicy | number> {
  const meant = await policiesMeant(rules, config);
  if (typeof meant === "number") return meant;
  const [first, ...others] = meant;
  // Rules that were given are those of every profile.
  if (first !== undefined && others.length === 0 && (first.profile ?? profile) === profile) return first;
  const named = meant.find((one) => one.profile !== undefined && one.profile === profile);
  const names = meant.map((one) => `\`--profile ${one.profile ?? ""}\``).join(" or ");
  return named ?? complain(`the settings have profiles: say which one of them the message came in by, ${names}`);
}

/** Where the policy speaks of several servers, a message to none of them meets few of its rules. */
function warnOfServer({ message }: Question, servers: readonly string[]): void {
  const warning = message.server === undefined ? unnamed(message.method, servers) : misnamed(message.server, servers);
  if (warning !== undefined) process.stderr.write(`warning: ${warning}\n`);
}

function unnamed(method: string, servers: readonly string[]): string | undefined {
  if (servers.length < 2 || !reachesServer(method)) return undefined;
  const names = servers.map((name) => `\`${name}\``).join(", ");
  return `it is taken to be for a server called \`server\`; \`--on\` says which: ${names}`;
}

/** A server that no rule names may well be there: only what looks misspelt is told of. */
function misnamed(server: string, servers: readonly string[]): string | undefined {
  const meant = servers.includes(server) ? undefined : nearest(server, servers);
  return meant === undefined ? undefined : `no rule names the server \`${server}\`: did you mean \`${meant}\`?`;
}

/** A text: what is wrong with what was asked. */
function questionFrom(request: ExplainRequest): Question | string {
  const now = request.now === undefined ? Date.now() : Date.parse(request.now);
  if (Number.isNaN(now)) return `\`${request.now ?? ""}\` is no point in time: write 2026-12-01T09:30:00Z`;
  const principal = principalFrom(request);
  if (typeof principal === "string") return principal;
  const json = readJsonObject(request.file, NO_MESSAGE);
  if (typeof json === "string") return json;
  const offers = offersIn(request.catalogue);
  if (typeof offers === "string") return offers;
  const { request: asked, ...reply } = json;
  const message = isJsonObject(asked) ? asked : json;
  const { method, params } = message;
  if (typeof method !== "string") return `${request.file}: ${NO_MESSAGE}`;
  const from = request.from ?? (methodFacts(method)?.from === "server" ? "server" : "client");
  const content = params === undefined ? {} : { params };
  return {
    message: { method, content, from, server: request.on },
    reply: isJsonObject(asked) && ("result" in reply || "error" in reply) ? contentOf(reply) : undefined,
    offers,
    principal,
    now,
  };
}

const NO_MESSAGE = `a message is a JSON file with {"method": …, "params": …}, or {"request": {"method": …}, "result": …}`;

function contentOf({ result, error }: JsonObject): JsonObject {
  return result === undefined ? { error: error ?? null } : { result };
}

/** The reply to a request for a list, or several of them in one object. */
function offersIn(file: string | undefined): Question["offers"] | string {
  if (file === undefined) return [];
  const json = readJsonObject(file, NO_CATALOGUE);
  if (typeof json === "string") return json;
  const lists = isJsonObject(json["result"]) ? json["result"] : json;
  const offers = LISTS.flatMap(({ kind, member }) => {
    const entries = lists[member];
    return isJsonArray(entries) ? [{ kind, definitions: entries.filter(isJsonObject) }] : [];
  });
  return offers.length > 0 ? offers : `${file}: ${NO_CATALOGUE}`;
}

const NO_CATALOGUE = `a catalogue is a JSON file with {"tools": [{"name": …}]}, or with prompts, resources, resourceTemplates`;

function principalFrom({ user, group = [], client, profile }: ExplainRequest): Principal | string {
  const given: readonly (readonly [PrincipalKind, string | undefined])[] = [
    ["client", client],
    ["user", user],
    ...group.map((name) => ["group", name] as const),
    ["profile", profile],
  ];
  let principal: Principal = { client: undefined, user: undefined, profile: undefined };
  for (const [kind, text] of given) {
    const known = text === undefined ? principal : withPrincipal(principal, kind, valueOf(text));
    if (!known) return `\`${text ?? ""}\` is no ${kind}: write a name, or JSON with an \`id\``;
    principal = known;
  }
  return principal;
}

/** A name, or the whole as JSON. */
function valueOf(text: string): JsonValue {
  try {
    return text.startsWith("{") ? (JSON.parse(text) as JsonValue) : text;
  } catch {
    return null;
  }
}

function print({ request, reply }: ExplainedMessage, { message, reply: given }: Question, paint: Paint): void {
  const other = message.from === "client" ? "server" : "client";
  printOne(request, message.from, other, paint);
  if (reply) {
    process.stdout.write("\n");
    printOne(reply, other, message.from, paint);
  } else if (given) process.stdout.write("\nThe request went nowhere, so nothing comes back.\n");
}

function printOne(explained: Explained, from: string, to: string, paint: Paint): void {
  const told = explained.queue === "always" ? WAITING : whoGets(explained, from, to);
  const lines = [...renderExplanation(explained.explanation, paint, { allParts: true }), row("outcome", told)];
  process.stdout.write(`${lines.map((line) => line.slice(2)).join("\n")}\n`);
}

const WAITING = "nobody gets anything yet: the question waits in the queue, for `mcprules approve`";
const OR_WAITING = "if it can show that; else the question waits in the queue, for `mcprules approve`";

function whoGets({ explanation, outcome, queue }: Explained, from: string, to: string): string {
  const isRefused = explanation.record.verdict !== "allow";
  const isDropped = Object.keys(outcome).length === 0;
  const told = `the ${isRefused && !isDropped ? from : to} gets ${isDropped ? "nothing" : shownJson(outcome)}`;
  return queue === "else" ? `${told}, ${OR_WAITING}` : told;
}

function complain(reason: string): number {
  process.stderr.write(`error: ${reason}\n`);
  return 1;
}
