// Approvals of what is no request of the client's: results, and what servers ask. The server is never called a second time for one.
import { describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "../../../src/mcp/json.ts";
import { revisionOf } from "../../engine/policy.ts";
import type { Said } from "../stage.ts";
import { FORM_ANSWERS, PLOTS, type Plot, Talk } from "./ask-talk.ts";

const FORM = { mode: "form", message: "Who?", requestedSchema: {} };
const ADA = { action: "accept", content: { name: "Ada" } };

function nameOf({ era, serverEra, channel }: Plot): string {
  return `a ${era} client, a ${serverEra} server, by ${channel}`;
}

function resultBy(plot: Plot, text: string): JsonObject {
  return { content: [{ type: "text", text }], ...(plot.serverEra === "modern" && { resultType: "complete" }) };
}

describe.each(PLOTS.map((plot) => [nameOf(plot), plot] as const))("a result: %s", (_name, plot) => {
  const policy = 'default allow\nrule look when result of tools/call * containing "odd" ask "Hand it out?"';
  const isRound = plot.era === "modern" && plot.channel === "elicitation";

  function answered(): Talk {
    const talk = new Talk(plot, { policy });
    talk.call();
    talk.server({ id: "$1", result: resultBy(plot, "odd") });
    return talk;
  }

  test("waits until somebody approves it, and is handed out once", () => {
    const talk = answered();
    expect(talk.told()).toEqual([]);
    expect(talk.question()).toBe("Hand it out?\n\na · echo · rule look");
    talk.answer("approve");
    expect(talk.told()).toMatchObject([{ result: { content: [{ text: "odd" }] } }]);
    expect(talk.done()).toHaveLength(1);
  });

  test("declined: the client hears so, and the server is not called again", () => {
    const talk = answered();
    talk.answer("decline");
    expect(talk.told()).toMatchObject([{ result: { isError: true } }]);
    expect(JSON.stringify(talk.told())).not.toContain("odd");
    expect(talk.done()).toHaveLength(1);
    expect(talk.shelf.parked.size).toBe(0);
  });

  test("nobody answers: it is not handed out", () => {
    const talk = answered();
    talk.wait(60_000);
    if (isRound) talk.answer("approve");
    expect(JSON.stringify(talk.told())).not.toContain("odd");
    expect(talk.told()).toMatchObject([isRound ? { error: { code: 5000 } } : { result: { isError: true } }]);
    expect(talk.done()).toHaveLength(1);
  });

  test("is judged again, under the rules of that time", () => {
    const talk = answered();
    talk.reload("default allow\nrule never when result of tools/call * containing odd block");
    talk.answer("approve");
    expect(talk.told()).toMatchObject([{ result: { isError: true } }]);
    expect(talk.records().at(-1)).toMatchObject({ rule: "never", kind: "result" });
  });

  test("keeps what was supplied secret", () => {
    const talk = new Talk(plot);
    const secret = 'rule key when tool echo on a supply key = "sesame-street"';
    talk.stage.store.swap(revisionOf(`${policy}\n${secret}`, () => undefined));
    talk.stage.happen({ kind: "policy-changed" });
    talk.call();
    expect(talk.done()).toMatchObject([{ params: { arguments: { key: "sesame-street" } } }]);
    talk.server({ id: "$1", result: resultBy(plot, "odd sesame-street") });
    talk.answer("approve");
    expect(JSON.stringify(talk.told())).toContain("odd");
    expect(JSON.stringify(talk.told())).not.toContain("sesame");
  });
});

describe("a result that a modern client has to be asked about", () => {
  const plot = { era: "modern", serverEra: "modern", channel: "elicitation" } as const;
  const policy = "default allow\nrule look when result of tools/call * ask";

  test("is handed out once: whoever comes for it again gets nothing, and the server is not called again", () => {
    const talk = new Talk(plot, { policy });
    talk.call();
    talk.server({ id: "$1", result: resultBy(plot, "odd") });
    const requestState = talk.state();
    talk.answer("approve");
    talk.retry({ inputResponses: { "mcprules.approve": FORM_ANSWERS.approve }, requestState });
    expect(talk.told()).toMatchObject([{ result: {} }, { error: { code: 5000 } }]);
    expect(talk.done()).toHaveLength(1);
  });

  test.each([
    ["is lost with the store", (talk: Talk) => talk.shelf.parked.clear()],
    ["is lost where the store is down", (talk: Talk) => (talk.shelf.isDown = true)],
  ])("%s, and the server is not called again", (_what, lose) => {
    const talk = new Talk(plot, { policy });
    talk.call();
    talk.server({ id: "$1", result: resultBy(plot, "odd") });
    lose(talk);
    talk.answer("approve");
    expect(talk.told()).toMatchObject([{ error: { code: 5000 } }]);
    expect(talk.done()).toHaveLength(1);
  });

  test.each([
    ["is too long to be kept", "x".repeat(1024 * 1024), false],
    ["cannot be kept", "odd", true],
  ])("and %s is refused", (_what, text, isDown) => {
    const talk = new Talk(plot, { policy });
    talk.call();
    talk.shelf.isDown = isDown;
    talk.server({ id: "$1", result: resultBy(plot, text) });
    expect(talk.told()).toMatchObject([{ result: { isError: true } }]);
    expect(talk.records().at(-1)).toMatchObject({ approval: { outcome: "no way to ask" } });
  });
});

describe.each(PLOTS.map((plot) => [nameOf(plot), plot] as const))("what a server asks: %s", (_name, plot) => {
  const policy = 'default allow\nrule who-asks when elicitation/create from server ask "May it ask this?"';

  function asked(): { readonly talk: Talk; readonly said: readonly Said[] } {
    const talk = new Talk(plot, { policy });
    talk.call();
    const inputRequests = { who: { method: "elicitation/create", params: FORM } };
    const said =
      plot.serverEra === "modern"
        ? talk.server({ id: "$1", result: { resultType: "input_required", inputRequests, requestState: "its" } })
        : talk.server({ id: 5, method: "elicitation/create", params: FORM });
    return { talk, said };
  }

  test("is not shown before somebody approves it; then it is, and its answer goes to the server", () => {
    const { talk, said } = asked();
    expect(talk.question()).toBe("May it ask this?\n\na · elicitation/create · rule who-asks");
    expect(shownIn(said)).not.toContain("Who?");
    approveServersQuestion(talk, plot, "approve");
    expect(shownIn(talk.sent)).toContain("Who?");
    answerServersQuestion(talk, plot);
    expect(JSON.stringify(talk.sent.filter(([to]) => to === "a"))).toContain("Ada");
    expect(talk.done()).toHaveLength(plot.serverEra === "modern" ? 2 : 1);
  });

  test("declined: the server hears so, and the client never sees it", () => {
    const { talk } = asked();
    approveServersQuestion(talk, plot, "decline");
    const toServer = JSON.stringify(talk.sent.filter(([to]) => to === "a"));
    expect(toServer).toContain(plot.serverEra === "modern" ? '"who":{"action":"decline"}' : '"code":4031');
    expect(shownIn(talk.sent)).not.toContain("Who?");
  });
});

test("roots that somebody keeps from a modern server are none, for a legacy client too", () => {
  const plot = { era: "legacy", serverEra: "modern", channel: "queue" } as const;
  const talk = new Talk(plot, { policy: "default allow\nrule folders when roots/list from server ask" });
  talk.call();
  const inputRequests = { where: { method: "roots/list" } };
  talk.server({ id: "$1", result: { resultType: "input_required", inputRequests, requestState: "its" } });
  talk.answer("decline");
  expect(talk.done().at(-1)).toMatchObject({ params: { inputResponses: { where: { roots: [] } } } });
});

describe("several things that a modern server asks at once", () => {
  const plot = { era: "modern", serverEra: "modern", channel: "elicitation" } as const;
  const policy = `default allow
rule who-asks when elicitation/create from server ask "May it ask?"
rule samples when sampling/createMessage from server ask "May it use the model?"`;
  const who = { method: "elicitation/create", params: FORM };
  const model = { method: "sampling/createMessage", params: { messages: [], maxTokens: 5 } };
  const where = { method: "roots/list" };

  function asked(): Talk {
    const talk = new Talk(plot, { policy });
    talk.call();
    const inputRequests = { who, model, where };
    talk.server({ id: "$1", result: { resultType: "input_required", inputRequests, requestState: "its" } });
    return talk;
  }

  test("are asked about as one, and none of them is shown before", () => {
    const talk = asked();
    expect(talk.question()).toBe(
      "May it ask?\n\na · elicitation/create · rule who-asks\n\nMay it use the model?\n\na · sampling/createMessage · rule samples",
    );
    expect(shownIn(talk.sent)).not.toContain("roots/list");
    talk.answer("approve");
    expect(shownIn(talk.sent)).toContain("roots/list");
    const answers = { who: ADA, model: { role: "assistant" }, where: { roots: [] } };
    talk.retry({ inputResponses: answers, requestState: talk.state() });
    expect(talk.done().at(-1)).toMatchObject({ params: { inputResponses: answers, requestState: "its" } });
  });

  test("are refused with the call where one of them cannot be declined", () => {
    const talk = asked();
    talk.answer("decline");
    expect(talk.told()).toMatchObject([{ result: { isError: true } }]);
    expect(talk.done()).toHaveLength(1);
  });
});

/** To the client, without what it cannot read. */
function shownIn(said: readonly Said[]): string {
  const readable = said.filter(([to]) => to === "client").map(([, message]) => JSON.stringify(message));
  return readable.join("\n").replaceAll(/"requestState":"(?:[^"\\]|\\.)*"/g, "");
}

/** In the middle of a call at a legacy server the question comes among those of that server. */
function approveServersQuestion(talk: Talk, plot: Plot, answer: "approve" | "decline"): void {
  if (plot.era === "modern" && plot.serverEra === "legacy" && plot.channel === "elicitation")
    talk.retry({ inputResponses: { "1": FORM_ANSWERS[answer] }, requestState: talk.state() });
  else talk.answer(answer);
}

function answerServersQuestion(talk: Talk, { era }: Plot): void {
  const asked = talk.sent.findLast(([to, message]) => to === "client" && JSON.stringify(message).includes("Who?"))?.[1];
  const { id, result } = isJsonObject(asked) ? asked : {};
  if (era === "legacy") {
    talk.client({ id: id ?? null, result: ADA });
    return;
  }
  const requests = isJsonObject(result) && isJsonObject(result["inputRequests"]) ? result["inputRequests"] : {};
  const inputResponses = Object.fromEntries(Object.keys(requests).map((key) => [key, ADA]));
  talk.retry({ inputResponses, requestState: talk.state() });
}
