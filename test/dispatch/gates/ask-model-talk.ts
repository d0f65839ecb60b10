// A modern client that has a model, and a rule that translates with it.
import type { AskClient, ClientsWord, Told } from "../../../src/dispatch/event.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/mcp/json.ts";
import type { Scene } from "../stage.ts";
import { Talk } from "./ask-talk.ts";

export const PLOT = { era: "modern", serverEra: "modern", channel: "elicitation" } as const;
export const RESULTS = `default allow
rule french
  when reply of tools/call echo
  translate in content[*].text to "fr" using mine
`;
export const ARGUMENTS = `default allow
rule french
  when tools/call echo
  translate in s to "fr" using mine
`;
export const ERRORS = `default allow
rule french
  when error of tools/call echo
  translate to "fr" using mine
`;
export const META = { "io.modelcontextprotocol/clientCapabilities": { sampling: {}, elicitation: {} } };
export const QUESTION: AskClient = {
  kind: "ask-client",
  about: "d",
  params: { messages: [], maxTokens: 9 },
  withinMs: 1500,
};
export const ENTRY = { method: "sampling/createMessage", params: QUESTION.params };
export const SAID = { role: "assistant", content: { type: "text", text: "…" }, model: "m" };
export const RESULT = { resultType: "complete", content: [{ type: "text", text: "Good day" }] };
export const FORGED = { error: { code: -32602, message: "Invalid or expired requestState" } };

export function translated(text: string | undefined): Told {
  return { kind: "translate", answer: { kind: "translated", texts: [text], isPartial: text === undefined } };
}

/** The last answer that the client got. */
export function last(talk: Talk): JsonObject {
  const message = talk.sent.findLast(([to]) => to === "client")?.[1];
  return isJsonObject(message) ? message : {};
}

export function requests(talk: Talk): JsonValue | undefined {
  const { result } = last(talk);
  return isJsonObject(result) ? result["inputRequests"] : undefined;
}

/** What a rule was told of the client. */
export function word(talk: Talk): ClientsWord | undefined {
  const [asks] = talk.stage.asked();
  return asks?.kind === "client-said" ? asks.word : undefined;
}

export function open(policy: string, scene: Scene = {}): Talk {
  return new Talk(PLOT, { policy, ...scene });
}

/** The server has answered, and the client is asked. */
export function asked(policy = RESULTS, scene: Scene = {}, reply: JsonObject = { result: RESULT }): Talk {
  const talk = open(policy, scene);
  talk.call({ s: "Hi" }, META);
  talk.server({ id: "$1", ...reply });
  talk.tell(QUESTION);
  return talk;
}

export function back(
  talk: Talk,
  said: JsonObject = { "mcprules.translate": SAID },
  args: JsonObject = { s: "Hi" },
): void {
  const params = { name: "echo", arguments: args, inputResponses: said, requestState: talk.state() };
  talk.request(params, META);
}
