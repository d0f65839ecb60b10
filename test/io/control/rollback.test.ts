// Going back in a proxy with several policies: it has to be said whose, and the files are read on.
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { controlCommands } from "../../../src/io/control/control-commands.ts";
import type { ControlHandler } from "../../../src/io/control/control-door.ts";
import { createEvaluator } from "../../../src/io/evaluation/evaluator.ts";
import { wrapOneServer } from "../../../src/io/settings/settings.ts";
import { createStore } from "../../../src/io/store/create-store.ts";
import { Wing } from "../../../src/io/wing.ts";
import { ALLOW_ALL, openFolder } from "../../e2e/folder.ts";
import { quietLog } from "../quiet-log.ts";

const folder = openFolder();
const reports: string[] = [];
const log = quietLog({ reports });
const evaluator = createEvaluator();
const store = await createStore();
let wings: readonly Wing[] = [];

async function openWing(profile: string): Promise<Wing> {
  folder.write(`${profile}.mcprules`, ALLOW_ALL);
  const settings = wrapOneServer("own", ["true"], {});
  if (settings === undefined) throw new Error("not a name");
  const own = { ...settings, rules: [folder.at(`${profile}.mcprules`)] };
  const wing = await Wing.open({ profile, settings: own, started: own.servers, evaluator, store, log });
  if (typeof wing === "string") throw new Error(wing);
  wing.watch();
  return wing;
}

beforeAll(async () => {
  wings = [await openWing("dev"), await openWing("ops")];
});
afterAll(async () => {
  await Promise.all(wings.map((wing) => wing.close(true)));
  await evaluator.close();
});

function rollback(request: object): unknown {
  const answers: object[] = [];
  const { rollback: handler } = controlCommands({ wings, urls: [], store, file: undefined, since: 0 });
  const answer = (value: object): void => void answers.push(value);
  void (handler as ControlHandler)({ ...request }, { answer } as Parameters<ControlHandler>[1]);
  return answers[0];
}

async function change(profile: string, text: string): Promise<string> {
  const wing = wings.find((one) => one.profile === profile);
  const before = wing?.keeper.revision();
  folder.write(`${profile}.mcprules`, `${ALLOW_ALL}${text}\n`);
  for (const last = Date.now() + 5000; Date.now() < last && wing?.keeper.revision() === before; await delay(20));
  return wing?.keeper.revision() ?? "";
}

test("it has to be said whose policy is meant", () => {
  expect(() => rollback({})).toThrow("say `--profile` with `dev`, `ops`");
  expect(() => rollback({ profile: "prod" })).toThrow("there is no profile `prod` here");
  expect(rollback({ profile: "dev" })).toEqual({ error: "there is no revision before this one" });
});

test("one goes back, the other stays; what somebody went back from comes again when the files change to it", async () => {
  const first = wings.map((wing) => wing.keeper.revision());
  const second = await change("ops", "rule a when tool a block");
  expect(rollback({ profile: "ops" })).toEqual({ from: second, to: first[1] });
  expect(wings.map((wing) => wing.keeper.revision())).toEqual(first);
  expect(wings[1]?.keeper.standing()).toMatchObject({ goneBackFrom: second });
  await delay(1200);
  expect(wings[1]?.keeper.revision()).toBe(first[1]);
  const third = await change("ops", "rule b when tool b block");
  expect(await change("ops", "rule a when tool a block")).toBe(second);
  expect(wings[1]?.keeper.standing()).toMatchObject({ goneBackFrom: undefined, revision: second });
  expect(rollback({ profile: "ops" })).toEqual({ from: second, to: third });
  expect(reports).toContain(
    `profile ops: policy revision ${third} is in force again, until the files change (before: ${second})`,
  );
}, 30_000);
