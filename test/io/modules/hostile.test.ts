// Hosts that are slow, dead, wrong or lying: each ends as it is documented, within its deadline, and nobody else waits for them.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it } from "vitest";
import { createModules } from "../../../src/io/modules/create-modules.ts";
import { callOf, mutator, onStdio, open, type Opened, settingsOf, validator } from "./hosts.ts";

let opened: Opened | undefined;

afterEach(async () => {
  await opened?.modules.close();
  opened = undefined;
});

/** What is still in use. */
/** The second search waits until what the first one found of buffers is given back, which a thread of its own does. */
function keptBytes(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc(); gc()");
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const TIMEOUT_MS = 300;
/** What comes on top of the time given: the grace, and this machine. */
const GRACE_MS = 250 + 400;
const TWICE = '{"jsonrpc":"2.0","id":ID,"result":{"interceptor":"v","valid":false,"valid":true}}';
const DEEP = `{"jsonrpc":"2.0","id":ID,"result":{"interceptor":"v","valid":true,"info":${"[".repeat(80)}${"]".repeat(80)}}}`;

describe("a host that", () => {
  it.each([
    ["never answers", { never: true }, "timeout"],
    ["answers too late", { sleepMs: 900 }, "timeout"],
    ["dies", { dies: true }, "down"],
    ["writes what is no message", { garbage: true }, "timeout"],
    ["answers with the same key twice", { raw: TWICE }, "malformed"],
    ["answers too deep", { raw: DEEP }, "malformed"],
    ["answers for another", { result: { interceptor: "other", valid: true } }, "malformed"],
    ["answers with another type", { result: { type: "mutation", modified: false } }, "malformed"],
    ["does not say yes or no", { result: { messages: [] } }, "malformed"],
    ["asks for another round", { result: { resultType: "input_required", valid: true } }, "malformed"],
    ["answers with an error", { error: { code: -32_603 } }, "error"],
    ["says that it took too long", { error: { code: -32_603, data: { reason: "timeout" } } }, "timeout"],
  ] as const)("%s has failed in time", async (_, answer, reason) => {
    opened = await open({
      m: { ...onStdio({ list: [validator("v")], answers: { v: answer } }), timeoutMs: TIMEOUT_MS },
    });
    const begun = performance.now();
    const answered = await opened.modules.call(callOf());
    expect(answered).toMatchObject({ kind: "failed", reason });
    expect(performance.now() - begun).toBeLessThan(TIMEOUT_MS + GRACE_MS);
  });

  it("answers with 100 MB has failed, and is not kept", async () => {
    const bytes = 100 * 1024 * 1024;
    const answers = { m: { bytes } };
    opened = await open({ m: { ...onStdio({ list: [mutator("m")], answers }), timeoutMs: 5000 } });
    const [before, keptBefore] = [process.memoryUsage().rss, keptBytes()];
    const answered = await opened.modules.call(callOf({ type: "mutation" }));
    expect(answered).toMatchObject({ kind: "failed", reason: "size" });
    // It was never there as a whole: what is read and dropped is garbage, of which Node 24 lets more lie (69 MB).
    const mostGarbage = Number.parseInt(process.versions.node, 10) < 24 ? 64 * 1024 * 1024 : bytes * 0.9;
    expect(process.memoryUsage().rss - before).toBeLessThan(mostGarbage);
    expect(keptBytes() - keptBefore).toBeLessThan(32 * 1024 * 1024);
  });

  it("is given too much is not asked", async () => {
    opened = await open({ m: onStdio({ list: [validator("v")] }) }, { maxBytes: 1024 });
    const payload = { method: "tools/call", params: { name: "t", arguments: { x: "x".repeat(2000) } } };
    expect(await opened.modules.call(callOf({ payload }))).toMatchObject({ kind: "failed", reason: "size" });
  });

  it("answers late is counted, and what it says is taken for no other answer", async () => {
    const answers = { v: { sleepMs: 700, result: { valid: false } }, w: { sleepMs: 300 } };
    const hooks = [{ events: ["prompts/get"], phase: "request" }];
    const list = [validator("v"), validator("w", { hooks })];
    opened = await open({ m: { ...onStdio({ list, answers }), timeoutMs: TIMEOUT_MS } });
    const { modules } = opened;
    expect(await modules.call(callOf())).toMatchObject({ kind: "failed", reason: "timeout" });
    expect(await modules.call(callOf({ event: "prompts/get" }))).toMatchObject({ kind: "pass" });
    await expect.poll(() => modules.list()[0]?.meter.late).toBe(1);
  });

  it("is asked too much at once fails what does not fit, and answers the rest", async () => {
    const answers = { v: { sleepMs: 100 } };
    opened = await open({ m: { ...onStdio({ list: [validator("v")], answers }), maxConcurrent: 2, queue: 2 } });
    const { modules } = opened;
    const kinds = await Promise.all(Array.from({ length: 6 }, () => modules.call(callOf())));
    expect(kinds.map((one) => (one.kind === "failed" ? one.reason : one.kind))).toEqual([
      "pass",
      "pass",
      "pass",
      "pass",
      "queue",
      "queue",
    ]);
  });

  it("fails five times is given a rest, and asked nothing meanwhile", async () => {
    const answers = { v: { result: {} } };
    opened = await open({ m: onStdio({ list: [validator("v")], answers }) });
    const { modules, said } = opened;
    for (let at = 0; at < 5; at += 1) expect(await modules.call(callOf())).toMatchObject({ reason: "malformed" });
    expect(await modules.call(callOf())).toMatchObject({ kind: "failed", reason: "down" });
    expect(modules.list()[0]?.meter.isBreakerOpen).toBe(true);
    await expect.poll(() => said.filter((line) => line === "invoke v").length).toBe(5);
  });

  it("hangs keeps nobody else waiting", async () => {
    const hung = { ...onStdio({ list: [validator("v")], answers: { v: { never: true } } }), timeoutMs: 2000 };
    opened = await open({ hung, quick: onStdio({ list: [validator("v")] }) });
    const { modules } = opened;
    const waiting = Array.from({ length: 32 }, () => modules.call(callOf({ module: "hung" })));
    const times: number[] = [];
    for (let at = 0; at < 50; at += 1) {
      const begun = performance.now();
      expect(await modules.call(callOf({ module: "quick" }))).toMatchObject({ kind: "pass" });
      times.push(performance.now() - begun);
    }
    expect(times.toSorted((one, other) => one - other)[25]).toBeLessThan(50);
    expect((await Promise.all(waiting)).every(({ kind }) => kind === "failed")).toBe(true);
  });

  it("never comes up keeps the end from nobody", async () => {
    const silent = { command: process.execPath, args: ["-e", "process.stdin.resume()"] };
    const log = { report: () => undefined, serverSaid: () => undefined };
    const modules = createModules({ modules: settingsOf({ m: silent }), deadlineMs: 5000, maxBytes: 4_194_304 }, log);
    const begun = performance.now();
    await modules.close();
    expect(performance.now() - begun).toBeLessThan(2500);
  });

  it("is ended leaves no process behind", async () => {
    opened = await open({ m: onStdio({ list: [validator("v")], answers: { v: { never: true } } }) });
    const { modules } = opened;
    const pending = modules.call(callOf());
    await modules.close();
    expect(await pending).toMatchObject({ kind: "failed", reason: "down" });
    expect(await modules.call(callOf())).toMatchObject({ kind: "failed", reason: "down" });
  });
});
