// Approvals: era of the client, era of the server, way to the human, answer, time, reload, replay and tampering, as one table.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { ASKS, PLOTS, type Plot, Talk } from "./ask-talk.ts";

const REFUSED = { result: { isError: true } };

function nameOf({ era, serverEra, channel }: Plot): string {
  return `a ${era} client, a ${serverEra} server, by ${channel}`;
}

/** The arguments of what the server was asked to do. */
function argumentsOf(talk: Talk): readonly unknown[] {
  return talk.done().map(({ params }) => (params as JsonObject)["arguments"]);
}

describe.each(PLOTS.map((plot) => [nameOf(plot), plot] as const))("%s", (_name, plot) => {
  const isRound = plot.era === "modern" && plot.channel === "elicitation";

  test("the human reads what would be done, where, and which rule asks", () => {
    const talk = new Talk(plot);
    talk.call();
    expect(talk.question()).toBe("Really 1?\n\na · echo · rule sure");
    expect(talk.done()).toEqual([]);
  });

  test("approved: exactly that is done, once", () => {
    const talk = new Talk(plot);
    talk.call();
    talk.answer("approve");
    expect(argumentsOf(talk)).toEqual([{ n: 1 }]);
    talk.server({ id: "$1", result: { content: [], ...(plot.serverEra === "modern" && { resultType: "complete" }) } });
    expect(talk.told()).toMatchObject([{ result: { content: [] } }]);
    expect(talk.records().at(-2)).toMatchObject({
      verdict: "allow",
      approval: { channel: plot.channel, outcome: "approved", ...(plot.channel === "queue" && { by: "ada" }) },
    });
  });

  test.each(["decline", "cancel", "nonsense"] as const)("%s: nothing is done", (answer) => {
    const talk = new Talk(plot);
    talk.call();
    talk.answer(answer);
    expect(talk.done()).toEqual([]);
    expect(talk.told()).toMatchObject([REFUSED]);
    const said = { decline: "declined", cancel: "cancelled", nonsense: "invalid" }[answer];
    const outcome = plot.channel === "queue" ? "declined" : said;
    expect(talk.records().at(-1)).toMatchObject({ verdict: "block", rule: "sure", approval: { outcome } });
    expect(talk.stage.dispatcher.questions()).toEqual([]);
  });

  test("out of time: nothing is done, whatever comes later", () => {
    const talk = new Talk(plot);
    talk.call();
    const question = talk.stage.dispatcher.questions()[0]?.id ?? "";
    talk.wait(60_000);
    talk.stage.happen({ kind: "question-decided", question, approves: true, by: "ada" });
    talk.answer("approve");
    expect(talk.done()).toEqual([]);
    // A modern client comes back when it likes: what it brings is too old, and the human is asked again.
    expect(talk.told()).toMatchObject(isRound ? [] : [REFUSED]);
    const last = isRound ? { verdict: "ask", approval: { outcome: "open" } } : { approval: { outcome: "expired" } };
    expect(talk.records().at(-1)).toMatchObject(last);
  });

  test("a reload that forbids it wins over the approval", () => {
    const talk = new Talk(plot);
    talk.call();
    talk.reload("default allow\nrule never when tools/call * with n 1 block");
    talk.answer("approve");
    expect(talk.done()).toEqual([]);
    expect(talk.told()).toMatchObject([REFUSED]);
    expect(talk.records().at(-1)).toMatchObject({ verdict: "block", rule: "never", revision: "r2" });
  });

  test("a reload that asks something else asks again", () => {
    const talk = new Talk(plot);
    talk.call();
    talk.reload(ASKS.replace("Really", "Truly"));
    talk.answer("approve");
    expect(talk.done()).toEqual([]);
    expect(talk.question()).toBe("Truly 1?\n\na · echo · rule sure");
    talk.answer("approve");
    expect(argumentsOf(talk)).toEqual([{ n: 1 }]);
  });

  test("a reload that makes another message of it asks again", () => {
    const talk = new Talk(plot);
    talk.call();
    talk.reload('default allow\nrule sure when tools/call * ask "Really 1?"\nrule more when tools/call * set n = 2');
    talk.answer("approve");
    expect(talk.done()).toEqual([]);
    talk.answer("approve");
    expect(argumentsOf(talk)).toEqual([{ n: 2 }]);
  });

  test("a reload that insists on one way asks that way, whatever was said by another", () => {
    const other = plot.channel === "queue" ? "elicitation" : "queue";
    const talk = new Talk(plot, {
      options: { asking: { channels: [plot.channel, other], withinMs: 60_000, maxPending: 5 } },
    });
    talk.call();
    talk.reload(`${ASKS} via ${other}`);
    talk.answer("approve");
    expect(talk.done()).toEqual([]);
  });

  test("a reload that changes nothing about it changes nothing", () => {
    const talk = new Talk(plot);
    talk.call();
    talk.reload(`${ASKS}\nrule other when prompts/get * block`);
    talk.answer("approve");
    expect(argumentsOf(talk)).toEqual([{ n: 1 }]);
  });

  test("a reload that asks no more lets it go on", () => {
    const talk = new Talk(plot);
    talk.call();
    talk.reload("default allow");
    talk.answer("approve");
    expect(argumentsOf(talk)).toEqual([{ n: 1 }]);
  });

  test("what is another message at every look is asked about three times, then refused", () => {
    const talk = new Talk(plot);
    talk.call();
    for (const word of ["Two", "Three", "Four"]) {
      expect(talk.told()).toEqual([]);
      talk.reload(ASKS.replace("Really", word));
      talk.answer("approve");
    }
    expect(talk.done()).toEqual([]);
    expect(talk.told()).toMatchObject([REFUSED]);
    expect(talk.records().at(-1)).toMatchObject({ approval: { outcome: "invalid" } });
  });

  test("one principal has so many questions open, and no more", () => {
    const talk = new Talk(plot);
    for (let count = 1; count <= 6; count += 1) talk.call({ n: count });
    expect(talk.done()).toEqual([]);
    expect(talk.told()).toMatchObject([REFUSED]);
    expect(talk.records().at(-1)).toMatchObject({
      verdict: "block",
      reason: "It needs somebody's approval, and too many questions wait already: try again once some are answered.",
      approval: { outcome: "too many open" },
    });
  });

  test("over a limit, a rule may ask: what is approved goes on, though others are refused", () => {
    const talk = new Talk(plot, {
      policy: 'default allow\nrule few when tools/call * limit 1 per 1m else ask "More?"',
    });
    talk.shelf.isOver = true;
    talk.call();
    expect(talk.question()).toBe("More?\n\na · echo · rule few");
    talk.answer("approve");
    expect(argumentsOf(talk)).toEqual([{ n: 1 }]);
    talk.call({ n: 2 });
    talk.answer("decline");
    expect(argumentsOf(talk)).toEqual([{ n: 1 }]);
    expect(talk.records().at(-1)).toMatchObject({ verdict: "block", rule: "few", approval: { outcome: "declined" } });
  });

  test("over a limit, what is another message by then is asked about again", () => {
    const limited = 'default allow\nrule few when tools/call * limit 1 per 1m else ask "More?"';
    const talk = new Talk(plot, { policy: limited });
    talk.shelf.isOver = true;
    talk.call();
    talk.reload(`${limited}\nrule more when tools/call * set n = 2`);
    talk.answer("approve");
    expect(talk.done()).toEqual([]);
    talk.answer("approve");
    expect(argumentsOf(talk)).toEqual([{ n: 2 }]);
  });

  test("where the rule wants another way, nobody is asked", () => {
    const other = plot.channel === "queue" ? "elicitation" : "queue";
    const talk = new Talk(plot, { policy: `${ASKS} via ${other}` });
    talk.call();
    expect(talk.question()).toBeUndefined();
    expect(talk.done()).toEqual([]);
    expect(talk.told()).toMatchObject([REFUSED]);
    expect(talk.records().at(-1)).toMatchObject({ approval: { outcome: "no way to ask" } });
  });
});
