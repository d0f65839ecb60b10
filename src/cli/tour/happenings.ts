// What happened on the stage, collected from all who were there: client, proxy log, and the servers' recordings.
import { McpError, ResultSchema } from "@modelcontextprotocol/sdk/types.js";
import type { DecisionRecord } from "../../engine/decision-record.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import type { Recorded } from "./recorder.ts";
import type { Question, Sent, Stage } from "./stage.ts";

export interface Tool {
  readonly name: string;
  readonly description: string;
}

export interface Listing {
  /** What each server really offers. */
  readonly own: readonly (Tool & { readonly server: string })[];
  /** What the client is shown. */
  readonly shown: readonly Tool[];
  readonly decisions: readonly DecisionRecord[];
}

export interface Exchange {
  readonly sent: Sent;
  /** Absent: no server ever heard of it. */
  readonly heard: { readonly server: string; readonly params: JsonObject } | undefined;
  /** What the human before the client was asked meanwhile. */
  readonly questions: readonly Question[];
  /** The answer of that server, in words. */
  readonly said: string | undefined;
  /** What the client got, in words. */
  readonly got: string;
  readonly isRefused: boolean;
  readonly decisions: readonly DecisionRecord[];
}

export async function listTools({ client, log, servers, recordedOf }: Stage): Promise<Listing> {
  const { tools } = await client.listTools();
  const own = servers.flatMap((server) => ownTools(recordedOf(server)).map((tool) => Object.assign({ server }, tool)));
  const isHidden = (decisions: readonly DecisionRecord[]): boolean =>
    ofLists(decisions).filter(isHiding).length >= own.length - tools.length;
  await log.settled(isHidden);
  return { own, shown: tools.map(toolOf), decisions: ofLists(log.decisions) };
}

/** Those of the policy in force, each once: lists are reviewed again for every new policy, and for nobody twice. */
function ofLists(decisions: readonly DecisionRecord[]): readonly DecisionRecord[] {
  const revision = decisions.at(-1)?.revision;
  const known = decisions.filter((record) => record.kind === "catalogue" && record.revision === revision);
  return [...new Map(known.map((record) => [`${record.server} ${record.name}`, record])).values()];
}

export async function send(stage: Stage, sent: Sent): Promise<Exchange> {
  const { client, log, servers, recordedOf } = stage;
  const before = log.decisions.length;
  const asked = stage.questions.length;
  const counts = servers.map((server) => recordedOf(server).length);
  const { got, isError } = await answerTo(client, sent);
  const records = servers.map((server, index) => ({ server, recorded: recordedOf(server).slice(counts[index]) }));
  const reached = records.find(({ recorded }) => recorded.some((one) => one.to === "server" && isCall(one, sent)));
  const isRefused = isError && !reached;
  const judged = isRefused ? "request" : "result";
  await log.settled((decisions) => decisions.slice(before).some(({ kind }) => kind === judged));
  return {
    sent,
    heard: reached && { server: reached.server, params: paramsOf(reached.recorded) },
    questions: stage.questions.slice(asked),
    said: reached && saidBy(reached.recorded),
    got,
    isRefused,
    decisions: log.decisions.slice(before),
  };
}

/** A decision that takes a thing out of a list. */
export function isHiding({ kind, verdict }: DecisionRecord): boolean {
  return kind === "catalogue" && verdict === "block";
}

async function answerTo(
  client: Stage["client"],
  sent: Sent,
): Promise<{ readonly got: string; readonly isError: boolean }> {
  try {
    const result = (await client.request({ ...sent }, ResultSchema)) as JsonObject;
    return { got: textOf(result), isError: result["isError"] === true };
  } catch (error) {
    if (!(error instanceof McpError)) throw error;
    // The SDK's own words before those of the proxy: `MCP error -32602: …`.
    return { got: error.message.replace(/^MCP /, ""), isError: true };
  }
}

/** The last list a server gave, whole: what it sends to anybody. */
function ownTools(recorded: readonly Recorded[]): readonly Tool[] {
  const lists = recorded.flatMap(({ message }) => {
    const tools = isJsonObject(message) && isJsonObject(message["result"]) ? message["result"]["tools"] : undefined;
    return isJsonArray(tools) ? [tools] : [];
  });
  return (lists.at(-1) ?? []).filter(isJsonObject).map(toolOf);
}

function toolOf({ name, description }: { readonly name?: unknown; readonly description?: unknown }): Tool {
  return { name: String(name), description: typeof description === "string" ? description : "" };
}

function isCall({ message }: Recorded, { method }: Sent): boolean {
  return isJsonObject(message) && message["method"] === method;
}

function paramsOf(recorded: readonly Recorded[]): JsonObject {
  const call = recorded.find(({ to, message }) => to === "server" && isJsonObject(message) && "params" in message);
  const params = call && isJsonObject(call.message) ? call.message["params"] : undefined;
  return isJsonObject(params) ? params : {};
}

function saidBy(recorded: readonly Recorded[]): string | undefined {
  const replies = recorded.flatMap(({ to, message }) =>
    to === "client" && isJsonObject(message) && isJsonObject(message["result"]) ? [message["result"]] : [],
  );
  const last = replies.at(-1);
  return last && textOf(last);
}

/** The words of a tool's answer; other content by its kind. */
function textOf(result: JsonObject): string {
  const { content } = result;
  return isJsonArray(content) ? content.map(wordsOf).join(" ") : JSON.stringify(result);
}

function wordsOf(block: JsonValue): string {
  if (!isJsonObject(block)) return "";
  if (typeof block["text"] === "string") return block["text"];
  return typeof block["type"] === "string" ? `<${block["type"]}>` : "";
}
