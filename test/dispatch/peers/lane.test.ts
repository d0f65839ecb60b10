// Order: a notification overtakes nothing and nothing overtakes it; requests and replies never wait for each other.
import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { Lane } from "../../../src/dispatch/peers/lane.ts";
import { asked, Stage } from "../stage.ts";

/** Whether a message is a notification, and whether it has to wait for an answer from outside. */
const message = fc.record({ isOrdered: fc.boolean(), waits: fc.boolean() });

describe("a lane", () => {
  test("lets everything straight through while nothing waits", () => {
    const seen: string[] = [];
    const lane = new Lane();
    lane.enter(true, () => seen.push("a"));
    lane.enter(false, () => seen.push("b"));
    expect(seen).toEqual(["a", "b"]);
  });

  test("keeps every notification in its place, loses nothing, and holds no request up for another", () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 20 }), fc.array(fc.nat(), { maxLength: 60 }), (messages, choices) => {
        const lane = new Lane();
        const open = new Map<number, () => void>();
        const done: number[] = [];
        const started: number[] = [];
        for (const [index, { isOrdered, waits }] of messages.entries()) {
          lane.enter(isOrdered, () => {
            started.push(index);
            if (!waits) {
              done.push(index);
              return;
            }
            const release = lane.hold(isOrdered);
            open.set(index, () => {
              done.push(index);
              release();
            });
          });
        }
        const firstNotification = messages.findIndex(({ isOrdered }) => isOrdered);
        const free = firstNotification === -1 ? messages.length : firstNotification;
        expect(started.length).toBeGreaterThanOrEqual(free);
        for (const choice of [...choices, ...Array.from({ length: messages.length }, () => 0)]) {
          const waiting = [...open.keys()];
          const next = waiting[choice % Math.max(waiting.length, 1)];
          if (next === undefined) continue;
          const finish = open.get(next);
          open.delete(next);
          finish?.();
        }
        expect(done.toSorted((a, b) => a - b)).toEqual(messages.map((_, index) => index));
        for (const [index, { isOrdered }] of messages.entries()) {
          if (!isOrdered) continue;
          const place = done.indexOf(index);
          expect(done.slice(0, place).every((other) => other < index)).toBe(true);
          expect(done.slice(place + 1).every((other) => other > index)).toBe(true);
        }
      }),
    );
  });
});

describe("while an expression is evaluated", () => {
  const policy = `default allow
rule slow when tools/call echo ${asked("slow")} block "no"
rule reply when result of tools/call echo ${asked("slow")} block "no"`;

  const call = { id: 1, method: "tools/call", params: { name: "echo", arguments: {} } };
  const quick = { id: 2, method: "acme/ask" };
  const news = { method: "acme/happened" };

  test("other requests go on, a notification waits, and what follows waits for that", () => {
    const stage = Stage.open({ policy });
    expect(stage.client(call)).toEqual([]);
    expect(stage.client(quick)).toMatchObject([["a", { method: "acme/ask" }]]);
    expect(stage.client(news)).toEqual([]);
    expect(stage.client({ ...quick, id: 3 })).toEqual([]);
    expect(stage.answer(false).map(([, said]) => said)).toMatchObject([
      { method: "tools/call" },
      { method: "acme/happened" },
      { method: "acme/ask" },
    ]);
  });

  test("the other direction goes on, and other servers do", () => {
    const stage = Stage.open({ policy, servers: { a: {}, b: {} } });
    stage.client(call);
    expect(stage.server("a", news)).toMatchObject([["client", news]]);
    stage.answer(false);
    stage.server("a", { id: "$1", result: {} });
    expect(stage.server("a", news)).toEqual([]);
    expect(stage.server("b", news)).toMatchObject([["client", news]]);
    expect(stage.answer(false)).toMatchObject([
      ["client", { id: 1, result: {} }],
      ["client", news],
    ]);
  });

  test("a request that is cancelled meanwhile goes nowhere", () => {
    const stage = Stage.open({ policy });
    stage.client(call);
    expect(stage.client({ method: "notifications/cancelled", params: { requestId: 1 } })).toEqual([]);
    expect(stage.answer(false)).toEqual([]);
  });

  test("a reply whose request is cancelled meanwhile goes nowhere", () => {
    const stage = Stage.open({ policy });
    stage.client(call);
    stage.answer(false);
    stage.server("a", { id: "$1", result: {} });
    expect(stage.client({ method: "notifications/cancelled", params: { requestId: 1 } })).toEqual([]);
    expect(stage.answer(false)).toEqual([]);
  });

  test("a server that dies answers for what it was sent, not for what it still gets to say", () => {
    const stage = Stage.open({ policy });
    stage.client(call);
    stage.answer(false);
    stage.client({ ...quick, id: 5 });
    stage.server("a", { id: "$1", result: { last: true } });
    expect(stage.drop("a")).toEqual([]);
    expect(stage.answer(false)).toMatchObject([
      ["client", { id: 1, result: { last: true } }],
      ["client", { id: 5, error: { code: 5030 } }],
    ]);
  });

  test("a client that leaves is not answered, and its servers get nothing", () => {
    const stage = Stage.open({ policy });
    stage.client(call);
    stage.happen({ kind: "client-closed", client: "c" });
    expect(stage.answer(false)).toEqual([]);
  });

  test("the policy may change: what was begun under one revision ends under it", () => {
    const stage = Stage.open({ policy });
    stage.client(call);
    stage.swap('default allow\nrule no when tools/call echo with x block "other"');
    expect(stage.answer(true)).toMatchObject([
      ["client", { id: 1, result: { isError: true, content: [{ text: "no" }] } }],
    ]);
  });
});

describe("while a catalogue is reviewed", () => {
  const policy = `default allow\nrule hide when tool * ${asked('$contains(name, "x")')} block`;

  test("calls and lists wait, and then go by the new one", () => {
    const stage = Stage.open();
    expect(stage.swap(policy)).toEqual([]);
    expect(stage.client({ id: 1, method: "tools/call", params: { name: "echo" } })).toEqual([]);
    expect(stage.client({ id: 2, method: "tools/list" })).toEqual([]);
    expect(stage.client({ id: 3, method: "acme/ask" })).toMatchObject([["a", { method: "acme/ask" }]]);
    expect(stage.answer(true)).toMatchObject([
      ["client", { id: 1, error: { code: -32602 } }],
      ["client", { id: 2, result: { tools: [] } }],
      ["client", { method: "notifications/tools/list_changed" }],
    ]);
  });

  test("yet another policy makes that review worthless", () => {
    const stage = Stage.open();
    stage.swap(policy);
    stage.client({ id: 2, method: "tools/list" });
    expect(stage.swap("default allow")).toMatchObject([["client", { id: 2, result: { tools: [{ name: "echo" }] } }]]);
    expect(stage.answer(true)).toEqual([]);
    expect(stage.client({ id: 3, method: "tools/list" })).toMatchObject([["client", { result: { tools: [{}] } }]]);
  });
});
