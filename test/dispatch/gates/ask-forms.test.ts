// How a human is asked in words: the form of each revision, what stands in it, and the signs of life while nobody answers.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { hello, modern } from "../stage.ts";
import { ASKS, FORM_ANSWERS, Talk } from "./ask-talk.ts";

const LEGACY = { era: "legacy", serverEra: "legacy", channel: "elicitation" } as const;
const IN_QUEUE = { ...LEGACY, channel: "queue" } as const;
const MODERN = { era: "modern", serverEra: "modern", channel: "elicitation" } as const;

describe("the form", () => {
  const CHOICES = [
    { const: "approve", title: "Approve" },
    { const: "decline", title: "Decline" },
  ];
  const message = "Really 1?\n\na · echo · rule sure";
  const NOW = {
    mode: "form",
    message,
    requestedSchema: {
      type: "object",
      properties: { decision: { type: "string", title: "Decision", oneOf: CHOICES } },
      required: ["decision"],
    },
  };
  const FIRST = {
    message,
    requestedSchema: {
      type: "object",
      properties: {
        decision: {
          type: "string",
          title: "Decision",
          enum: ["approve", "decline"],
          enumNames: ["Approve", "Decline"],
        },
      },
      required: ["decision"],
    },
  };

  test.each([
    ["2025-06-18", FIRST],
    ["2025-11-25", NOW],
  ])("of %s", (protocolVersion, params) => {
    const talk = new Talk(LEGACY, { client: { protocolVersion } });
    talk.call();
    expect(talk.form()).toEqual({ id: "$1", method: "elicitation/create", params });
  });

  test("of the modern era, in a result", () => {
    const talk = new Talk(MODERN);
    talk.call();
    expect(talk.form()).toEqual({ method: "elicitation/create", params: NOW });
  });

  test.each([
    ["says nothing of it", { capabilities: {} }],
    ["can only open pages", { capabilities: { elicitation: { url: {} } } }],
    ["is of a revision without it", { protocolVersion: "2025-03-26" }],
  ])("is no way to ask a client that %s: the next one is used", (_what, client: JsonObject) => {
    const options = { asking: { channels: ["elicitation", "queue"], withinMs: 60_000, maxPending: 5 } as const };
    const talk = new Talk(IN_QUEUE, { client, options });
    talk.call();
    expect(talk.form()).toBeUndefined();
    talk.answer("approve");
    expect(talk.done()).toHaveLength(1);
  });

  test("is no way to ask about what a modern client cannot ask again", () => {
    const policy = "default allow\nrule sure when completion/complete * ask";
    const ref = { type: "ref/prompt", name: "greet" };
    const talk = new Talk(MODERN, { policy, servers: { a: { era: "modern", prompts: [{ name: "greet" }] } } });
    talk.request({ ref, argument: { name: "x", value: "y" } }, undefined, "completion/complete");
    expect(talk.told()).toMatchObject([{ error: { code: 4031, data: { reason: "no way to ask", rule: "sure" } } }]);
  });

  test("answered twice over, or with an error, is no approval", () => {
    for (const reply of [{ error: { code: -1, message: "no" } }, { result: { content: { decision: "approve" } } }]) {
      const talk = new Talk(LEGACY);
      talk.call();
      talk.client({ id: "$1", ...reply });
      expect(talk.done()).toEqual([]);
      expect(talk.records().at(-1)).toMatchObject({ approval: { outcome: "invalid" } });
    }
  });

  test("answered after its time changes nothing", () => {
    const talk = new Talk(LEGACY);
    talk.call();
    talk.wait(60_000);
    talk.client({ id: "$1", result: FORM_ANSWERS.approve });
    expect(talk.done()).toEqual([]);
  });
});

describe("the text", () => {
  test("cannot be pushed out of sight, steer a terminal, or be clicked", () => {
    const talk = new Talk(LEGACY);
    const long = `https://evil.example/\u001b[2J\u202e${"x".repeat(5000)}`;
    talk.call({ n: long });
    const shown = talk.question() ?? "";
    expect(Array.from(shown).length).toBeLessThanOrEqual(1000);
    expect(shown).toMatch(
      /^Really https\[:\]\/\/evil\.example\/\\u\{1b\}\[2J\\u\{202e\}x+…\?\n\na · echo · rule sure$/,
    );
  });

  test("of several rules is one, in the order of the file", () => {
    const talk = new Talk(LEGACY, { policy: `${ASKS}\nrule also when tools/call * ask "Also?" within 30s` });
    talk.call();
    expect(talk.question()).toBe("Really 1?\nAlso?\n\na · echo · rule sure, also");
    talk.wait(30_000);
    expect(talk.told()).toMatchObject([{ result: { isError: true } }]);
  });

  test("holds no secret", () => {
    const policy =
      'default allow\nrule mask when message redact "sesame"\nrule sure when tools/call * ask "Really {params.arguments.n}?"';
    const talk = new Talk(IN_QUEUE, { policy });
    talk.call({ n: "sesame" });
    expect(JSON.stringify(talk.stage.dispatcher.questions())).not.toContain("sesame");
  });
});

test("one user has so many questions open, in however many sessions", () => {
  const ada = { user: { id: "ada", groups: [], claims: {} }, profile: undefined };
  const options = { asking: { channels: ["queue"], withinMs: 60_000, maxPending: 1 } } as const;
  const talk = new Talk(IN_QUEUE, { who: ada, options });
  talk.call();
  talk.stage.happen({ kind: "client-opened", client: "d", ...ada });
  talk.stage.client(hello(), "d");
  talk.stage.happen({ kind: "server-opened", client: "d", server: "a" });
  talk.stage.server("a", { id: 1, result: { protocolVersion: "2025-11-25", capabilities: { tools: {} } } }, "d");
  talk.stage.server("a", { id: 2, result: { tools: [{ name: "echo", inputSchema: {} }] } }, "d");
  const second = { id: "second", method: "tools/call", params: { name: "echo", arguments: { n: 2 } } };
  expect(JSON.stringify(talk.stage.client(second, "d"))).toContain("too many questions wait already");
  expect(talk.stage.dispatcher.questions()).toHaveLength(1);
});

describe("while nobody answers", () => {
  test.each([LEGACY, IN_QUEUE])("who asked to hear of progress hears of it ($channel)", (plot) => {
    const talk = new Talk(plot);
    talk.call({ n: 1 }, { progressToken: "p" });
    const beats = [1, 2, 3].flatMap(() => talk.stage.fire(10_000));
    expect(beats).toMatchObject(
      [0.001, 0.002, 0.003].map((progress) => [
        "client",
        { method: "notifications/progress", params: { progressToken: "p", progress } },
      ]),
    );
    talk.answer("approve");
    expect(() => talk.stage.fire(10_000)).not.toThrow();
    expect(talk.done()).toHaveLength(1);
  });

  test("who cancels takes the question back, and nothing is done", () => {
    const talk = new Talk(LEGACY);
    talk.call();
    const said = talk.client({ method: "notifications/cancelled", params: { requestId: "call-1" } });
    expect(said).toMatchObject([["client", { method: "notifications/cancelled", params: { requestId: "$1" } }]]);
    talk.client({ id: "$1", result: FORM_ANSWERS.approve });
    expect(talk.done()).toEqual([]);
    expect(talk.told()).toEqual([]);
    expect(talk.records()).toContainEqual(
      expect.objectContaining({
        verdict: "block",
        approval: expect.objectContaining({ outcome: "cancelled" }) as unknown,
      }),
    );
  });

  test("who cancels takes the question out of the queue", () => {
    const talk = new Talk(IN_QUEUE);
    talk.call();
    talk.client({ method: "notifications/cancelled", params: { requestId: "call-1" } });
    expect(talk.stage.dispatcher.questions()).toEqual([]);
    expect(talk.done()).toEqual([]);
  });

  test("who leaves takes the question out of the queue", () => {
    const talk = new Talk(IN_QUEUE);
    talk.call();
    const question = talk.stage.dispatcher.questions()[0]?.id ?? "";
    talk.stage.happen({ kind: "client-closed", client: "c" });
    expect(talk.stage.dispatcher.questions()).toEqual([]);
    talk.stage.happen({ kind: "question-decided", question, approves: true, by: "ada" });
    expect(talk.done()).toEqual([]);
  });

  test("who leaves takes back what its servers wanted to ask", () => {
    const policy = "default allow\nrule who-asks when elicitation/create from server ask";
    const talk = new Talk(IN_QUEUE, { policy });
    talk.server({ id: 5, method: "elicitation/create", params: { message: "Who?", requestedSchema: {} } });
    expect(talk.stage.dispatcher.questions()).toHaveLength(1);
    talk.stage.happen({ kind: "client-closed", client: "c" });
    expect(talk.stage.dispatcher.questions()).toEqual([]);
  });

  test("a server that ends takes back what it wanted to ask", () => {
    const policy = "default allow\nrule who-asks when elicitation/create from server ask";
    const talk = new Talk(IN_QUEUE, { policy });
    talk.server({ id: 5, method: "elicitation/create", params: { message: "Who?", requestedSchema: {} } });
    talk.stage.drop("a");
    expect(talk.stage.dispatcher.questions()).toEqual([]);
  });

  test("a modern client over HTTP that hangs up takes the question back", () => {
    const talk = new Talk({ ...IN_QUEUE, era: "modern" });
    const line = { jsonrpc: "2.0", ...modern(9, "tools/call", { name: "echo", arguments: { n: 1 } }) };
    talk.stage.happen({ kind: "client-message", client: "c", bytes: Buffer.from(JSON.stringify(line)), stream: 4 });
    expect(talk.stage.dispatcher.questions()).toHaveLength(1);
    talk.stage.happen({ kind: "stream-closed", client: "c", stream: 4 });
    expect(talk.stage.dispatcher.questions()).toEqual([]);
  });

  test("everything else goes on, notifications too", () => {
    const talk = new Talk(LEGACY, { policy: `${ASKS}\nexception free to sure until "2027-01-01" with n 2` });
    talk.call();
    talk.call({ n: 2 });
    expect(talk.done()).toMatchObject([{ params: { arguments: { n: 2 } } }]);
    expect(talk.client({ method: "notifications/roots/list_changed" })).toMatchObject([
      ["a", { method: "notifications/roots/list_changed" }],
    ]);
  });
});
