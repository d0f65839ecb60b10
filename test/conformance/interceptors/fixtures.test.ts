// Our own fixtures of the interceptors contract, under the names of the published ones: each played against a real host.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import type { ModuleAnswer, ModuleCall } from "../../../src/engine/need.ts";
import type { Modules } from "../../../src/io/modules/create-modules.ts";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { callOf, onStdio, open, type Opened, type Script } from "../../io/modules/hosts.ts";

const FOLDER = fileURLToPath(new URL("fixtures/", import.meta.url));
const GUARD = fileURLToPath(new URL("relay-guard.mjs", import.meta.url));

interface Fixture {
  readonly says: string;
  readonly list?: readonly JsonObject[];
  readonly answers?: Script["answers"];
  readonly settings?: JsonObject;
  /** The host is the relay guard. */
  readonly guard?: boolean;
  readonly redacts?: boolean;
  readonly listed?: readonly object[];
  readonly steps?: readonly Step[];
  readonly invoked?: readonly string[];
  /** Validators are asked together. */
  readonly unordered?: boolean;
}

type Step = Omit<Partial<ModuleCall>, "type"> & {
  /** `message`: both passes, as for a message that a rule calls the module for. */
  readonly type: "mutation" | "validation" | "message";
  readonly expect: object;
};

let opened: Opened | undefined;

afterEach(async () => {
  await opened?.modules.close();
  opened = undefined;
});

const FIXTURES = readdirSync(FOLDER).map(
  (file) => [file.replace(".json", ""), JSON.parse(readFileSync(`${FOLDER}${file}`, "utf8")) as Fixture] as const,
);

describe("the fixture", () => {
  it.each(FIXTURES)("%s", async (_, fixture) => {
    const { list = [], answers = {}, settings = {}, listed, steps = [], invoked, unordered } = fixture;
    const host = fixture.guard === true ? guard(fixture) : onStdio({ list, answers });
    opened = await open({ m: { ...host, ...settings } });
    const { modules, said } = opened;
    expect(listed === undefined ? undefined : modules.list()[0]?.interceptors).toEqual(
      listed?.map((one) => expect.objectContaining(one) as unknown),
    );
    for (const { expect: expected, ...step } of steps) expect(await play(modules, step)).toMatchObject(expected);
    const names = (): readonly string[] => said.flatMap((line) => /^invoke (.*)$/.exec(line)?.[1] ?? []);
    const inOrder = (): readonly string[] => (unordered === true ? names().toSorted() : names());
    await expect.poll(() => (invoked === undefined ? undefined : inOrder())).toEqual(invoked);
  });

  it("is there under every name", () => {
    expect(FIXTURES.length).toBe(24);
  });
});

function guard({ redacts }: Fixture): JsonObject {
  return { command: process.execPath, args: [GUARD], env: redacts === true ? { REDACTS: "yes" } : {} };
}

/** As the engine goes through a message: mutators at the place of the call, then validators on what came of it. */
async function play(modules: Modules, { type, ...step }: Omit<Step, "expect">): Promise<ModuleAnswer> {
  if (type !== "message") return modules.call(callOf({ ...step, type }));
  const changed = await modules.call(callOf({ ...step, type: "mutation" }));
  if (changed.kind === "failed" || changed.kind === "rejected") return changed;
  const payload = changed.kind === "changed" ? changed.payload : (step.payload ?? {});
  const validated = await modules.call(callOf({ ...step, payload, type: "validation" }));
  const used = [...changed.used, ...validated.used];
  return validated.kind === "pass" ? { ...changed, used } : { ...validated, used };
}
