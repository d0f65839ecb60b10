// Modules over real processes and sockets: both eras, what they list, what they are asked, and how they end.
import { afterEach, describe, expect, it } from "vitest";
import type { ChildProcess } from "node:child_process";
import { callOf, mutator, onHttp, onStdio, open, type Opened, validator } from "./hosts.ts";

const opened: Opened[] = [];
const children: ChildProcess[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ modules }) => modules.close()));
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

async function opening(...given: Parameters<typeof open>): Promise<Opened> {
  const made = await open(...given);
  opened.push(made);
  return made;
}

const LIST = [mutator("append"), validator("guard")];
const ANSWERS = {
  append: { append: "a" },
  guard: {
    result: {
      valid: false,
      severity: "error",
      messages: [{ path: "params.arguments.sql", message: "destructive statement" }],
    },
  },
};

describe("a module", () => {
  it.each(["legacy", "modern"] as const)("over stdio in the %s era mutates and rejects", async (era) => {
    const { modules } = await opening({ m: onStdio({ era, list: LIST, answers: ANSWERS }) });
    expect(modules.list()[0]?.state).toEqual({ kind: "up", revision: era === "modern" ? "2026-07-28" : "2025-11-25" });
    expect(await modules.call(callOf({ type: "mutation" }))).toMatchObject({
      kind: "changed",
      payload: { method: "tools/call", params: { name: "t", arguments: { trail: "a" } } },
      used: [{ module: "m", interceptor: "append", outcome: "changed" }],
    });
    expect(await modules.call(callOf())).toMatchObject({
      kind: "rejected",
      messages: [{ path: "params.arguments.sql", message: "destructive statement" }],
      asks: false,
      mayTell: false,
      used: [{ module: "m", interceptor: "guard", outcome: "rejected" }],
    });
  });

  it("over HTTP is asked for nothing before it has heard that its client is ready", async () => {
    const { url, child } = await onHttp({ isStrict: true, hearsAfterMs: 100, list: LIST, answers: ANSWERS });
    children.push(child);
    const { modules } = await opening({ m: { url } });
    expect(modules.list()[0]?.state).toEqual({ kind: "up", revision: "2025-11-25" });
  });

  it.each([
    ["legacy", false],
    ["modern", false],
    ["modern", true],
  ] as const)("over HTTP in the %s era mutates and rejects (as events: %s)", async (era, streams) => {
    const { url, child } = await onHttp({ era, streams, list: LIST, answers: ANSWERS });
    children.push(child);
    const { modules } = await opening({ m: { url } });
    expect(modules.list()[0]?.state).toEqual({ kind: "up", revision: era === "modern" ? "2026-07-28" : "2025-11-25" });
    expect(await modules.call(callOf({ type: "mutation" }))).toMatchObject({ kind: "changed" });
    expect(await modules.call(callOf())).toMatchObject({ kind: "rejected" });
  });

  it("that ends when it is probed is started again, and greeted as what it is", async () => {
    const { modules } = await opening({ m: onStdio({ diesWhenProbed: true, list: LIST }) });
    expect(modules.list()[0]?.state).toEqual({ kind: "up", revision: "2025-11-25" });
  });

  it("that has no interest in a message is not asked", async () => {
    const { modules } = await opening({ m: onStdio({ list: LIST, answers: ANSWERS }) });
    const answer = await modules.call(callOf({ event: "prompts/get" }));
    expect(answer).toEqual({ kind: "pass", used: [{ module: "m", ms: 0, outcome: "none" }] });
  });

  it.each([
    ["has no interceptors", { listError: -32601 }],
    ["lists nothing", { list: [] }],
    ["lists two of one name", { list: [validator("a"), validator("a")] }],
  ])("that %s has failed", async (_, script) => {
    const { modules } = await opening({ m: onStdio(script) });
    expect(await modules.call(callOf())).toMatchObject({ kind: "failed", reason: "down" });
  });

  it("that cannot be started has failed, and says why", async () => {
    const { modules, reports } = await opening({ m: { command: "no-such-program" } });
    expect(await modules.call(callOf())).toMatchObject({ kind: "failed", reason: "down" });
    expect(reports[0]).toContain("could not be started: there is no command `no-such-program`");
  });

  it("that redirects is refused", async () => {
    const { url, child } = await onHttp({ redirects: true, list: LIST });
    children.push(child);
    const { modules, reports } = await opening({ m: { url } });
    expect(await modules.call(callOf())).toMatchObject({ kind: "failed", reason: "down" });
    expect(reports[0]).toContain("it answers 307");
  });

  it("that died is started again, and what was reviewed with it is told", async () => {
    const { modules } = await opening({
      m: onStdio({ list: [validator("guard")], answers: { guard: { dies: true } } }),
    });
    const renewed = new Promise<void>((resolve) => {
      modules.onRenewed(resolve);
    });
    expect(await modules.call(callOf())).toMatchObject({ kind: "failed", reason: "down" });
    expect(await modules.call(callOf())).toMatchObject({ kind: "failed", reason: "down" });
    await renewed;
    expect(modules.list()[0]?.state.kind).toBe("up");
  });

  it("that lists more is listed again, and what was reviewed with it is told", async () => {
    const added = [validator("late", { hooks: [{ events: ["prompts/get"], phase: "request" }] })];
    const { modules } = await opening({
      m: onStdio({ list: LIST, answers: { late: ANSWERS.guard }, changesAfterMs: 300, added }),
    });
    await new Promise<void>((resolve) => {
      modules.onRenewed(resolve);
    });
    expect(await modules.call(callOf({ event: "prompts/get" }))).toMatchObject({ kind: "rejected" });
  });
});
