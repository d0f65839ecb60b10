// The client's own model translates: asked while its request is open, believed by nobody here, and never waited for too long.
import { describe, expect, test } from "vitest";
import type { AskClient, Asks, ClientsWord } from "../../../src/dispatch/event.ts";
import { isJsonObject, type JsonObject } from "../../../src/mcp/json.ts";
import { type Said, type Scene, Stage } from "../stage.ts";

const RESULTS = `default allow
rule french
  when result of tools/call echo
  translate in content[*].text to "fr" using mine
`;
const ARGUMENTS = `default allow
rule french
  when tools/call echo
  translate in text to "fr" using mine
`;
const SAMPLING = { capabilities: { sampling: {} } };
const QUESTION: AskClient = { kind: "ask-client", about: "d", params: { messages: [], maxTokens: 9 }, withinMs: 1500 };
const CALL = { id: "call", method: "tools/call", params: { name: "echo", arguments: { text: "Good day" } } };
const ASKED: Said = ["client", { id: "$1", method: "sampling/createMessage", params: QUESTION.params }];
const SAID = { role: "assistant", content: { type: "text", text: "…" }, model: "m" };

function translated(text: string | undefined): Parameters<Stage["tell"]>[0] {
  return { kind: "translate", answer: { kind: "translated", texts: [text], isPartial: text === undefined } };
}

function open(scene: Scene = {}): Stage {
  return Stage.open({ policy: RESULTS, client: SAMPLING, ...scene });
}

/** The server has answered, and the translator says who has to be asked. */
function waiting(scene: Scene = {}): { readonly stage: Stage; readonly said: readonly Said[] } {
  const stage = open(scene);
  stage.client(CALL);
  stage.server("a", { id: "$1", result: { content: [{ type: "text", text: "Good day" }] } });
  return { stage, said: stage.tell(QUESTION) };
}

function heard(asks: readonly Asks[]): readonly ClientsWord["kind"][] {
  return asks.flatMap((one) => (one.kind === "client-said" ? [one.word.kind] : []));
}

/** All answers the client got to its call. */
function answers(said: readonly Said[]): readonly JsonObject[] {
  return said.flatMap(([to, message]) =>
    to === "client" && isJsonObject(message) && message["id"] === "call" ? [message] : [],
  );
}

function texts(said: readonly Said[]): string {
  return JSON.stringify(answers(said).map(({ result }) => result));
}

describe("the client's model", () => {
  test("is asked while the call is open, and what it says is weighed before the answer goes on", () => {
    const { stage, said } = waiting();
    expect(said).toEqual([ASKED]);
    expect(stage.client({ id: "$1", result: SAID })).toEqual([]);
    expect(stage.asked()).toMatchObject([
      { kind: "client-said", word: { result: SAID, isOnlyHere: false }, translation: { using: "mine" } },
    ]);
    expect(texts(stage.tell(translated("Bonjour")))).toContain("Bonjour");
    expect(stage.records().at(-1)).not.toHaveProperty("translation");
  });

  test("is asked by no rule of the policy: what is asked of it is the proxy's own", () => {
    const policy = `${RESULTS}rule no\n  when sampling/createMessage\n  block "no"\n`;
    expect(waiting({ policy }).said).toEqual([ASKED]);
  });

  const SILENT: readonly [string, (stage: Stage) => readonly Said[], readonly string[]][] = [
    ["that refuses", (stage) => stage.client({ id: "$1", error: { code: -1, message: "User rejected" } }), []],
    ["that says rubbish", (stage) => stage.client({ id: "$1", result: 7 }), []],
    ["that says nothing in time", (stage) => stage.fire(1500), ["notifications/cancelled"]],
  ];
  test.each(SILENT)("%s leaves the original, and the record says so", (_, happen, methods) => {
    const { stage } = waiting();
    const said = happen(stage);
    expect(said.map(([, message]) => isJsonObject(message) && message["method"])).toEqual(methods);
    expect(heard(stage.asked())).toEqual(["silent"]);
    expect(texts(stage.tell(translated(undefined)))).toContain("Good day");
    expect(stage.records().at(-1)).toMatchObject({ translation: "partial" });
  });

  test("that answers too late is not heard, and the call is answered once", () => {
    const { stage } = waiting();
    stage.fire(1500);
    const said = [...stage.client({ id: "$1", result: SAID }), ...stage.tell(translated(undefined))];
    expect(answers(said)).toHaveLength(1);
    expect(stage.client({ id: "$1", result: SAID })).toEqual([]);
    expect(stage.asked()).toEqual([]);
  });

  test("is asked no more when the client cancels its call, which has no answer then", () => {
    const { stage } = waiting();
    const said = stage.client({ method: "notifications/cancelled", params: { requestId: "call" } });
    expect(said).toContainEqual([
      "client",
      { method: "notifications/cancelled", params: { requestId: "$1", reason: "nobody waits for it any more" } },
    ]);
    expect(answers([...said, ...stage.tell(translated(undefined))])).toEqual([]);
  });

  test("is lost with its client, and nobody waits on", () => {
    const { stage } = waiting();
    expect(stage.happen({ kind: "client-closed", client: "c" }).filter(([to]) => to === "client")).toEqual([]);
    expect(stage.happen({ kind: "client-opened", client: "d", user: undefined, profile: undefined })).toEqual([]);
  });

  const UNASKED: readonly [string, Scene][] = [
    ["has not said that it has one", { client: { capabilities: {} } }],
    [
      "is told by a rule not to say so",
      { policy: `${RESULTS}rule hides\n  when initialize\n  remove capabilities.sampling\n` },
    ],
  ];
  test.each(UNASKED)("of a client that %s is not asked", (_, scene) => {
    const { stage, said } = waiting(scene);
    expect(said).toEqual([]);
    expect(heard(stage.asked())).toEqual(["not-asked"]);
    expect(texts(stage.tell(translated(undefined)))).toContain("Good day");
  });

  test("can answer and the client can cancel while its own request waits, whatever stands in line behind that", () => {
    const stage = open({ policy: ARGUMENTS });
    stage.client(CALL);
    stage.client({ method: "notifications/roots/list_changed" });
    expect(stage.tell(QUESTION)).toContainEqual(ASKED);
    stage.client({ id: "$1", result: SAID });
    const sent = stage.tell(translated("Bonjour"));
    expect(sent).toMatchObject([["a", { params: { arguments: { text: "Bonjour" } } }]]);

    const other = open({ policy: ARGUMENTS });
    other.client(CALL);
    other.tell(QUESTION);
    other.client({ method: "notifications/cancelled", params: { requestId: "call" } });
    expect(other.tell(translated("Bonjour"))).toEqual([]);
  });

  test("is not asked about what a server says of its own accord while the client waits for nothing", () => {
    const policy = 'default allow\nrule r\n  when elicitation/create\n  translate to "fr" using mine\n';
    const stage = open({ policy, client: { capabilities: { sampling: {}, elicitation: {} } } });
    const params = { message: "Good day", requestedSchema: { type: "object", properties: {} } };
    stage.server("a", { id: 1, method: "elicitation/create", params });
    expect(stage.tell(QUESTION)).toEqual([]);
    expect(stage.tell(translated(undefined))).toMatchObject([["client", { params: { message: "Good day" } }]]);
  });
});
