// Modules and the lock: what it names is asked, what is missing or other is told, and refused where it is pinned.
import { afterEach, describe, expect, it } from "vitest";
import { type CatalogueLock, lockText, readLock } from "../../../src/mcp/catalogue-lock.ts";
import type { LockedInterceptor } from "../../../src/mcp/interceptor-lock.ts";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import { moduleChanges } from "../../../src/inspect/diff/module-lock-diff.ts";
import { digest } from "../../../src/io/lock-file.ts";
import { createModules, type Modules } from "../../../src/io/modules/create-modules.ts";
import { callOf, onStdio, settingsOf, validator } from "./hosts.ts";

const HOOKS = [{ events: ["tools/call"], phase: "request" }] as const;
const GUARD: LockedInterceptor = {
  name: "guard",
  type: "validation",
  hooks: HOOKS,
  mode: "active",
  failOpen: false,
  configSchema: undefined,
};

const opened: Modules[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((modules) => modules.close()));
});

async function open(list: readonly JsonObject[], locked: readonly LockedInterceptor[], isPinned = false) {
  const reports: string[] = [];
  const settings = {
    modules: settingsOf({ m: onStdio({ list, answers: { new: { result: { valid: false } } } }) }),
    deadlineMs: 5000,
    maxBytes: 4_194_304,
  };
  const log = { report: (_level: string, text: string) => void reports.push(text), serverSaid: () => undefined };
  const modules = createModules(settings, log, { modules: new Map([["m", locked]]), isPinned });
  opened.push(modules);
  await modules.started;
  return { modules, reports };
}

describe("with a lock", () => {
  it("what it does not name is not asked, and told of", async () => {
    const { modules, reports } = await open([validator("guard"), validator("new")], [GUARD]);
    expect(await modules.call(callOf())).toMatchObject({ kind: "pass", used: [{ interceptor: "guard" }] });
    expect(reports).toEqual(["the module `m`: `new` is not in `mcprules.lock`, and is not asked"]);
  });

  it("what it names and the host does not offer is missed", async () => {
    const { modules } = await open([validator("guard")], [GUARD, { ...GUARD, name: "gone" }]);
    expect(await modules.call(callOf())).toMatchObject({ kind: "failed", reason: "down" });
  });

  it("a hook that the host dropped is missed", async () => {
    const { modules } = await open(
      [validator("guard", { hooks: [{ events: ["prompts/get"], phase: "request" }] })],
      [GUARD],
    );
    expect(await modules.call(callOf())).toMatchObject({ kind: "failed", reason: "down" });
  });

  it.each([
    [false, "pass"],
    [true, "failed"],
  ])("what is declared otherwise is told, and refused where it is pinned (%s)", async (isPinned, kind) => {
    const { modules, reports } = await open(
      [validator("guard", { configSchema: { type: "object" } })],
      [GUARD],
      isPinned,
    );
    expect(await modules.call(callOf())).toMatchObject({ kind });
    expect(reports).toEqual(["the module `m`: `guard` is declared otherwise than `mcprules.lock` says"]);
  });
});

describe("the lock", () => {
  const lock: CatalogueLock = {
    servers: new Map(),
    unasked: [],
    modules: new Map([["m", [GUARD, { ...GUARD, name: "other", configSchema: digest("x") }]]]),
  };

  it("is read as it was written", () => {
    expect(readLock(JSON.parse(lockText(lock)) as JsonValue, digest)).toEqual({ kind: "lock", lock });
  });

  it("is refused when its modules are not what is written there", () => {
    const broken = lockText(lock).replace('"validation"', '"oracle"');
    expect(readLock(JSON.parse(broken) as JsonValue, digest)).toMatchObject({ kind: "damaged", at: ["modules"] });
  });

  it("says what came, went and changed", () => {
    const after = new Map([
      [
        "m",
        [
          { ...GUARD, failOpen: true },
          { ...GUARD, name: "new" },
        ],
      ],
      ["n", [GUARD]],
    ]);
    expect(moduleChanges(lock.modules, after)).toMatchObject([
      { module: "m", interceptor: "guard", change: "changed", differences: [{ path: "failOpen" }] },
      { module: "m", interceptor: "new", change: "added" },
      { module: "m", interceptor: "other", change: "removed" },
      { module: "n", change: "added" },
    ]);
  });
});
