// The model behind a modern client translates: asked in the answer to a request, and what it says is taken up with the next one, once.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/mcp/json.ts";
import {
  ARGUMENTS,
  asked,
  back,
  ENTRY,
  ERRORS,
  FORGED,
  last,
  META,
  open,
  PLOT,
  QUESTION,
  requests,
  RESULT,
  RESULTS,
  SAID,
  translated,
  word,
} from "./ask-model-talk.ts";
import { FORM_ANSWERS, Talk } from "./ask-talk.ts";

describe("about a result,", () => {
  test("the model is asked in the answer, and what it says is weighed before the result goes on", () => {
    const talk = asked();
    expect(requests(talk)).toEqual({ "mcprules.translate": ENTRY });
    expect(talk.records().at(-1)).toMatchObject({ kind: "result", verdict: "ask", translation: "asked" });
    back(talk);
    // The translator is asked as if for the first time: it may be another proxy's.
    talk.tell(QUESTION);
    expect(word(talk)).toEqual({ kind: "said", isOnlyHere: false, result: SAID });
    talk.tell(translated("Bonjour"));
    expect(last(talk)).toMatchObject({ id: "call-2", result: { content: [{ text: "Bonjour" }] } });
    expect(talk.done()).toHaveLength(1);
    expect(talk.records().at(-1)).not.toHaveProperty("translation");
    expect(talk.shelf.parked.size).toBe(0);
  });

  test("a client that says nothing to it gets the original", () => {
    const talk = asked();
    back(talk, {});
    talk.tell(QUESTION);
    expect(word(talk)).toEqual({ kind: "silent", isOnlyHere: false });
    talk.tell(translated(undefined));
    expect(last(talk)).toMatchObject({ result: { content: [{ text: "Good day" }] } });
    expect(talk.records().at(-1)).toMatchObject({ translation: "partial" });
  });

  test("an answer is for what was asked: about other texts the model is asked anew, eight times for one call", () => {
    const talk = asked();
    for (let time = 2; time <= 8; time += 1) {
      back(talk);
      talk.tell({ ...QUESTION, about: `d${time}` });
      expect(requests(talk), `${time}`).toBeDefined();
    }
    back(talk);
    talk.tell({ ...QUESTION, about: "d9" });
    expect(word(talk)).toEqual({ kind: "not-asked" });
    talk.tell(translated(undefined));
    expect(last(talk)).toMatchObject({ result: { content: [{ text: "Good day" }] } });
    expect(talk.done()).toHaveLength(1);
  });

  test("a state is good once, and its server is not called again", () => {
    const talk = asked();
    const requestState = talk.state();
    back(talk);
    talk.tell(translated("Bonjour"));
    talk.retry({ inputResponses: { "mcprules.translate": SAID }, requestState });
    expect(last(talk)).toMatchObject({ error: { code: 5000 } });
    expect(talk.done()).toHaveLength(1);
  });

  test("a state is for its request alone", () => {
    const talk = asked();
    back(talk, { "mcprules.translate": SAID }, { s: "Other" });
    expect(last(talk)).toMatchObject(FORGED);
    expect(talk.done()).toHaveLength(1);
  });

  test("whoever comes too late finds nothing", () => {
    const talk = asked();
    talk.stage.now += 10 * 60_000 + 1;
    back(talk);
    expect(last(talk)).toMatchObject({ error: { code: 5000 } });
  });

  test("an error is translated so as well", () => {
    const talk = asked(ERRORS, {}, { error: { code: -32000, message: "Good day" } });
    expect(requests(talk)).toEqual({ "mcprules.translate": ENTRY });
    back(talk);
    talk.tell(translated("Bonjour"));
    expect(last(talk)).toMatchObject({ error: { code: -32000, message: "Bonjour" } });
    expect(talk.done()).toHaveLength(1);
  });

  test("a human is asked about what was translated", () => {
    const talk = asked(`${RESULTS}rule sure\n  when result of tools/call echo\n  ask\n`);
    back(talk);
    talk.tell(translated("Bonjour"));
    expect(requests(talk)).toMatchObject({ "mcprules.approve": { method: "elicitation/create" } });
    back(talk, { "mcprules.approve": FORM_ANSWERS.approve });
    // What the model said before is still there, should nobody else remember.
    talk.tell(QUESTION);
    expect(word(talk)).toMatchObject({ kind: "said", result: SAID });
    talk.tell(translated("Bonjour"));
    expect(last(talk)).toMatchObject({ result: { content: [{ text: "Bonjour" }] } });
    expect(talk.done()).toHaveLength(1);
  });

  test("a rule that fails closed refuses what stays untranslated", () => {
    const talk = asked(RESULTS.replace("french", "french fails closed"));
    back(talk, {});
    talk.tell(translated(undefined));
    expect(last(talk)).toMatchObject({ result: { isError: true } });
  });

  test("results of 64 calls wait for one principal, and no more", () => {
    const talk = open(RESULTS);
    for (let call = 1; call <= 65; call += 1) {
      talk.call({ s: "Hi" }, META);
      talk.server({ id: `$${call}`, result: RESULT });
      talk.tell(QUESTION);
    }
    expect(talk.shelf.parked.size).toBe(64);
    expect(word(talk)).toEqual({ kind: "not-asked" });
    talk.stage.now += 10 * 60_000 + 1;
    talk.tell(translated(undefined));
    talk.call({ s: "Hi" }, META);
    talk.server({ id: "$66", result: RESULT });
    talk.tell(QUESTION);
    expect(requests(talk)).toBeDefined();
  });
});

test("about a result of a legacy server, which a modern client is asked about as well", () => {
  const talk = new Talk({ ...PLOT, serverEra: "legacy" }, { policy: RESULTS });
  talk.call({ s: "Hi" }, META);
  talk.server({ id: "$1", result: { content: RESULT.content } });
  talk.tell(QUESTION);
  expect(requests(talk)).toEqual({ "mcprules.translate": ENTRY });
  back(talk);
  talk.tell(translated("Bonjour"));
  expect(last(talk)).toMatchObject({ result: { resultType: "complete", content: [{ text: "Bonjour" }] } });
  expect(talk.done()).toHaveLength(1);
});

test.each<readonly [string, JsonObject, JsonObject]>([
  ["prompts/get", { name: "greet" }, { messages: [{ role: "user", content: { type: "text", text: "Good day" } }] }],
  ["resources/read", { uri: "m://x" }, { contents: [{ uri: "m://x", mimeType: "text/plain", text: "Good day" }] }],
])("about the result of %s", (method, params, result) => {
  const path = method === "prompts/get" ? "messages[*].content.text" : "contents[*].text";
  const policy = `default allow\nrule f\n  when result of ${method} *\n  translate in ${path} to "fr" using mine\n`;
  const servers = {
    a: { era: "modern" as const, prompts: [{ name: "greet" }], resources: [{ uri: "m://x", name: "x" }] },
  };
  const talk = open(policy, { servers });
  talk.request(params, META, method);
  talk.server({ id: "$1", result: { resultType: "complete", ...result } });
  talk.tell(QUESTION);
  expect(requests(talk)).toEqual({ "mcprules.translate": ENTRY });
  const inputResponses = { "mcprules.translate": SAID };
  talk.request({ ...params, inputResponses, requestState: talk.state() }, META, method);
  talk.tell(translated("Bonjour"));
  expect(JSON.stringify(last(talk))).toContain("Bonjour");
  expect(talk.sent.filter(([to]) => to === "a")).toHaveLength(1);
});

describe("about a request,", () => {
  test("the model is asked before the server is", () => {
    const talk = open(ARGUMENTS);
    talk.call({ s: "Hi" }, META);
    talk.tell(QUESTION);
    expect(requests(talk)).toEqual({ "mcprules.translate": ENTRY });
    expect(talk.done()).toEqual([]);
    back(talk);
    talk.tell(QUESTION);
    talk.tell(translated("Salut"));
    expect(talk.done()).toMatchObject([{ params: { arguments: { s: "Salut" } } }]);
    expect(talk.done()[0]?.["params"]).not.toHaveProperty("inputResponses");
    expect(talk.done()[0]?.["params"]).not.toHaveProperty("requestState");
  });

  test("and the server asks as well: what the model said stays heard", () => {
    const talk = open(ARGUMENTS);
    talk.call({ s: "Hi" }, META);
    talk.tell(QUESTION);
    back(talk);
    talk.tell(translated("Salut"));
    const params = { mode: "form", message: "Who?", requestedSchema: {} };
    const inputRequests = { who: { method: "elicitation/create", params } };
    talk.server({ id: "$1", result: { resultType: "input_required", inputRequests, requestState: "its" } });
    back(talk, { who: { action: "decline" } });
    talk.tell(QUESTION);
    expect(word(talk)).toMatchObject({ kind: "said", result: SAID });
    talk.tell(translated("Salut"));
    expect(talk.done()[1]).toMatchObject({
      params: { arguments: { s: "Salut" }, inputResponses: { who: { action: "decline" } }, requestState: "its" },
    });
  });

  test("a state that was used is no state: the model is asked again", () => {
    const talk = open(ARGUMENTS);
    talk.call({ s: "Hi" }, META);
    talk.tell(QUESTION);
    const requestState = talk.state();
    back(talk);
    talk.tell(translated("Salut"));
    talk.request(
      { name: "echo", arguments: { s: "Hi" }, inputResponses: { "mcprules.translate": SAID }, requestState },
      META,
    );
    talk.tell(QUESTION);
    expect(requests(talk)).toBeDefined();
    expect(talk.state()).not.toEqual(requestState);
    expect(talk.done()).toHaveLength(1);
  });
});

test("what a server says after a reply that waits for the model is heard meanwhile", () => {
  const talk = asked();
  const changed = { method: "notifications/tools/list_changed" };
  expect(talk.server(changed)).toContainEqual(["a", expect.objectContaining({ method: "tools/list" })]);
});
