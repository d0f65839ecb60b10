// Modules in files: in a thread that is ended when it overruns, or, where the settings say so, in ours.
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import type { ModuleCall } from "../../../src/engine/need.ts";
import { openFolder } from "../../e2e/folder.ts";
import { callOf, open, type Opened } from "./hosts.ts";

const TIDY = fileURLToPath(new URL("scripts/tidy.mjs", import.meta.url));
const PAYLOAD = { method: "tools/call", params: { name: "t", arguments: { x: "hello" } } };

let opened: Opened | undefined;

afterEach(async () => {
  await opened?.modules.close();
  opened = undefined;
});

function asked(does: string): ModuleCall {
  return callOf({ type: "mutation", payload: PAYLOAD, config: { do: does } });
}

describe("a module in a file", () => {
  it.each([true, false])("changes messages (isolated: %s)", async (isolate) => {
    opened = await open({ m: { module: TIDY, isolate } });
    expect(await opened.modules.call(asked("upper"))).toMatchObject({
      kind: "changed",
      payload: { params: { arguments: { x: "HELLO" } } },
      used: expect.arrayContaining([
        expect.objectContaining({
          interceptor: "upper",
          version: expect.stringMatching(/^2\+[0-9a-f]{12}$/) as string,
        }),
      ]) as object,
    });
  });

  it("that never comes back is ended in time, and is there again", async () => {
    opened = await open({ m: { module: TIDY, timeoutMs: 300 } });
    const { modules } = opened;
    const begun = performance.now();
    expect(await modules.call(asked("loop"))).toMatchObject({ kind: "failed", reason: "timeout" });
    expect(performance.now() - begun).toBeLessThan(1500);
    await expect
      .poll(async () => (await modules.call(asked("upper"))).kind, { timeout: 5000, interval: 100 })
      .toBe("changed");
  });

  it.each([true, false])("that waits for ever is told to stop (isolated: %s)", async (isolate) => {
    opened = await open({ m: { module: TIDY, isolate, timeoutMs: 200 } });
    expect(await opened.modules.call(asked("never"))).toMatchObject({ kind: "failed", reason: "timeout" });
    expect(await opened.modules.call(asked("upper"))).toMatchObject({ kind: "changed" });
  });

  it("that takes too much memory is ended, and nobody with it", async () => {
    opened = await open({ m: { module: TIDY, timeoutMs: 10_000 } });
    expect(await opened.modules.call(asked("memory"))).toMatchObject({
      kind: "failed",
      reason: expect.stringMatching(/down|timeout/) as string,
    });
  });

  it("that throws has failed", async () => {
    opened = await open({ m: { module: TIDY } });
    expect(await opened.modules.call(asked("throw"))).toMatchObject({ kind: "failed", reason: "error" });
  });

  it.each([
    ["says nothing that is known", "parentPort.postMessage(null)", "timeout"],
    ["throws what is no error", "setImmediate(() => { throw null; })", "down"],
  ])("that %s has failed, and nobody with it", async (_, does, reason) => {
    const folder = openFolder();
    folder.write(
      "odd.mjs",
      `import { parentPort } from "node:worker_threads";
      export const interceptors = [{ name: "m", type: "mutation", hooks: [{ events: ["*"], phase: "request" }] }];
      export const invoke = () => { ${does}; return new Promise(() => undefined); };`,
    );
    opened = await open({ m: { module: folder.at("odd.mjs"), timeoutMs: 500 } });
    expect(await opened.modules.call(asked("upper"))).toMatchObject({ kind: "failed", reason });
  });

  it("that answers what is no answer has failed, and the operator hears what is missing", async () => {
    const folder = openFolder();
    folder.write(
      "yes.mjs",
      `export const interceptors = [{ name: "v", type: "validation", hooks: [{ events: ["tools/call"], phase: "request" }] }];
      export const invoke = async ({ payload }) => payload.params.arguments.bare ? true : { said: payload };`,
    );
    opened = await open({ m: { module: folder.at("yes.mjs") } });
    for (const bare of [true, false]) {
      const payload = { method: "tools/call", params: { name: "t", arguments: { bare, x: "hush" } } };
      expect(await opened.modules.call(callOf({ payload }))).toMatchObject({ kind: "failed", reason: "malformed" });
    }
    expect(opened.reports).toEqual([
      "the module `m`: `v` was asked about tools/call, and its answer is none: it has to be a JSON object without a key that stands twice, at most 64 deep",
      "the module `m`: `v` was asked about tools/call, and its answer is none: it does not say whether it is `valid`",
    ]);
  });

  it.each([
    ["ask", `export const interceptors = [];`, "its file exports no function `invoke`"],
    ["list", `export function invoke() {}`, "its file exports no list `interceptors`"],
  ])("that exports nothing to %s is down, in our own thread too", async (_, text, why) => {
    const folder = openFolder();
    folder.write("m.mjs", text);
    opened = await open({ m: { module: folder.at("m.mjs"), isolate: false } });
    expect(opened.reports).toContain(`the module \`m\`: ${why}`);
    expect(await opened.modules.call(callOf())).toMatchObject({ kind: "failed", reason: "down" });
  });

  it("that prints does not print to the client", async () => {
    opened = await open({ m: { module: TIDY } });
    await opened.modules.call(asked("print"));
    await expect.poll(() => opened?.said).toContain("this would go to the client");
  });

  it.each([
    ["is not there", "nowhere.mjs", "cannot be read"],
    ["is no module", "bad.mjs", "Unexpected"],
  ])("that %s has failed, and says why", async (_, file, why) => {
    const folder = openFolder();
    folder.write("bad.mjs", "export const interceptors = [;\n");
    opened = await open({ m: { module: folder.at(file) } });
    expect(await opened.modules.call(asked("upper"))).toMatchObject({ kind: "failed", reason: "down" });
    expect(opened.reports.join("\n")).toContain(why);
  });

  const answering = (answer: string, first = ""): string =>
    `${first}export const interceptors = [{ name: "v", type: "validation", hooks: [{ events: ["tools/call"], phase: "request" }] }];
      export const invoke = async ({ name, phase }) => ({ interceptor: name, type: "validation", phase, ${answer} });\n`;

  it("that is written anew is loaded anew, and what was reviewed with it is told", async () => {
    const folder = openFolder();
    folder.write("m.mjs", answering("valid: true"));
    opened = await open({ m: { module: folder.at("m.mjs") } });
    const { modules } = opened;
    const renewed = new Promise<void>((resolve) => {
      modules.onRenewed(resolve);
    });
    expect(await modules.call(callOf())).toMatchObject({ kind: "pass" });
    folder.write("m.mjs", answering("valid: false"));
    await renewed;
    expect(await modules.call(callOf())).toMatchObject({ kind: "rejected" });
  });

  it("that is written anew while it is being loaded runs as it was written last", async () => {
    const folder = openFolder();
    const slowly = "await new Promise((resolve) => setTimeout(resolve, 1000));\n";
    folder.write("m.mjs", answering("valid: true", slowly));
    const opening = open({ m: { module: folder.at("m.mjs") } });
    setTimeout(() => folder.write("m.mjs", answering("valid: false")), 500);
    opened = await opening;
    expect(await opened.modules.call(callOf())).toMatchObject({ kind: "rejected" });
  });
});
