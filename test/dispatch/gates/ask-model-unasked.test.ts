// The model behind a modern client, where it is not asked: then the original goes on at once.
import { describe, expect, test } from "vitest";
import type { ClientsWord } from "../../../src/dispatch/event.ts";
import { last, META, open, QUESTION, requests, RESULT, RESULTS, translated, word } from "./ask-model-talk.ts";
import type { Talk } from "./ask-talk.ts";

test("a rule in shadow says to the translator that nobody is to be asked", () => {
  const talk = open(RESULTS.replace("rule french", "rule french in shadow"));
  talk.call({ s: "Hi" }, META);
  talk.server({ id: "$1", result: RESULT });
  expect(talk.stage.asked()).toMatchObject([{ kind: "translate", translation: { using: "mine", session: undefined } }]);
});

describe("the model is not asked", () => {
  /** Asks for it, and returns what comes of that. */
  function asking(talk: Talk): readonly [sent: number, word: ClientsWord | undefined] {
    return [talk.tell(QUESTION).length, word(talk)];
  }
  const UNASKED = [0, { kind: "not-asked" }];

  test("where the client has not said in this request that it has one", () => {
    const talk = open(RESULTS);
    talk.call({ s: "Hi" }, { "io.modelcontextprotocol/clientCapabilities": { elicitation: {} } });
    talk.server({ id: "$1", result: RESULT });
    expect(asking(talk)).toEqual(UNASKED);
    talk.tell(translated(undefined));
    expect(last(talk)).toMatchObject({ result: { content: [{ text: "Good day" }] } });
  });

  test("about what is too long to be kept, or where nothing can be kept", () => {
    const long = open(RESULTS);
    long.call({ s: "Hi" }, META);
    long.server({ id: "$1", result: { ...RESULT, _meta: { x: "x".repeat(2 ** 20) } } });
    expect(asking(long)).toEqual(UNASKED);
    const broken = open(RESULTS);
    broken.call({ s: "Hi" }, META);
    broken.server({ id: "$1", result: RESULT });
    broken.shelf.isDown = true;
    expect(asking(broken)).toEqual(UNASKED);
  });

  test("about what a server asks in between, which goes as it is", () => {
    const talk = open('default allow\nrule f\n  when elicitation/create\n  translate to "fr" using mine\n');
    talk.call({ s: "Hi" }, META);
    const params = { mode: "form", message: "Who?", requestedSchema: { type: "object", properties: {} } };
    const inputRequests = { who: { method: "elicitation/create", params } };
    talk.server({ id: "$1", result: { resultType: "input_required", inputRequests, requestState: "its" } });
    expect(asking(talk)).toEqual(UNASKED);
    talk.tell(translated(undefined));
    expect(requests(talk)).toEqual(inputRequests);
  });

  test("in requests that no round can answer", () => {
    const policy = 'default allow\nrule f\n  when error of completion/complete *\n  translate to "fr" using mine\n';
    const talk = open(policy, { servers: { a: { era: "modern", prompts: [{ name: "greet" }] } } });
    const params = { ref: { type: "ref/prompt", name: "greet" }, argument: { name: "x", value: "y" } };
    talk.request(params, META, "completion/complete");
    talk.server({ id: "$1", error: { code: -32000, message: "Good day" } });
    expect(asking(talk)).toEqual(UNASKED);
  });
});
