// The table C1 to C27 of SEP-2624 (August 2026), a row a test, each against a real host over stdio.
import { afterEach, describe, expect, it } from "vitest";
import type { ModuleAnswer } from "../../../src/engine/need.ts";
import { callOf, onStdio, open, type Opened } from "../../io/modules/hosts.ts";
import { PAYLOAD, TABLE } from "./table-rows.ts";

let opened: Opened | undefined;

afterEach(async () => {
  await opened?.modules.close();
  opened = undefined;
});

describe("the table of the contract", () => {
  it.each(TABLE)("%s: %s", async (_id, _says, row) => {
    const { list, answers = {}, script = {}, settings = {}, limits = {}, call = {}, expected, invoked } = row;
    opened = await open({ m: { ...onStdio({ list, answers, ...script }), ...settings } }, limits);
    const { modules, said } = opened;
    const answer: ModuleAnswer = await modules.call(callOf({ payload: PAYLOAD, ...call }));
    expect(answer).toMatchObject(expected);
    const names = (): readonly string[] => said.flatMap((line) => /^invoke (.*)$/.exec(line)?.[1] ?? []);
    await expect.poll(() => (invoked === undefined ? undefined : names())).toEqual(invoked);
  });

  it("has all its rows", () => {
    expect(TABLE.map(([id]) => id)).toEqual(Array.from({ length: 27 }, (_, index) => `C${String(index + 1)}`));
  });
});
