// Following a proxy's decisions: filtered at the source, and never at the expense of a message.
import { createConnection, type Socket } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, expect, test } from "vitest";
import type { DecisionRecord } from "../../../src/engine/decision-record.ts";
import { controlCommands } from "../../../src/io/control/control-commands.ts";
import { type ControlDoor, openControlDoor } from "../../../src/io/control/control-door.ts";
import { createEvaluator } from "../../../src/io/evaluation/evaluator.ts";
import { wrapOneServer } from "../../../src/io/settings/settings.ts";
import { createStore } from "../../../src/io/store/create-store.ts";
import { Wing } from "../../../src/io/wing.ts";
import { ALLOW_ALL, openFolder } from "../../e2e/folder.ts";
import { quietLog } from "../quiet-log.ts";

const root = mkdtempSync(join(tmpdir(), "mcprules-tail-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function openScene(profile?: string): Promise<{ readonly wing: Wing; readonly door: ControlDoor }> {
  const folder = openFolder();
  folder.write("policy.mcprules", ALLOW_ALL);
  const settings = wrapOneServer("own", ["true"], {});
  if (settings === undefined) throw new Error("not a name");
  const evaluator = createEvaluator();
  const store = await createStore();
  const log = quietLog();
  const own = { ...settings, rules: [folder.at("policy.mcprules")] };
  const wing = await Wing.open({ profile, settings: own, started: own.servers, evaluator, store, log });
  if (typeof wing === "string") throw new Error(wing);
  const source = { wings: [wing], urls: [], store, file: undefined, since: 0 };
  const door = await openControlDoor(join(root, "mcprules"), () => Promise.resolve(controlCommands(source)));
  closing.push(
    () => evaluator.close(),
    () => wing.close(true),
    () => door.close(),
  );
  return { wing, door };
}

function record(fields: Partial<DecisionRecord> = {}): DecisionRecord {
  return { revision: "r1", kind: "request", method: "tools/call", from: "client", verdict: "allow", ...fields };
}

interface Follower {
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  readonly socket: Socket;
  readonly until: (holds: () => boolean) => Promise<boolean>;
}

async function follow({ path }: ControlDoor, request: object): Promise<Follower> {
  const lines: Readonly<Record<string, unknown>>[] = [];
  const socket = createConnection(path);
  closing.push(() => Promise.resolve(void socket.destroy()));
  socket.write(`${JSON.stringify({ command: "tail", ...request })}\n`);
  const reader = createInterface({ input: socket });
  reader.on("line", (line) => lines.push(JSON.parse(line) as Readonly<Record<string, unknown>>));
  const until = async (holds: () => boolean): Promise<boolean> => {
    for (const last = Date.now() + 5000; Date.now() < last && !holds(); await delay(5));
    return holds();
  };
  await delay(50);
  return { lines, socket, until };
}

test("every decision, as it is made, in the form of the log", async () => {
  const { wing, door } = await openScene();
  const { lines, until } = await follow(door, {});
  wing.log.record(record({ name: "echo", verdict: "block", rule: "no", reason: "No." }));
  expect(await until(() => lines.length === 1)).toBe(true);
  expect(lines[0]).toEqual({
    level: "warn",
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    event: "decision",
    ...record({ name: "echo", verdict: "block", rule: "no", reason: "No." }),
  });
});

test.each([
  ["verdicts", { filter: { verdict: ["block"] } }, ["b"]],
  ["names", { filter: { name: ["a*", "c"] } }, ["a", "c"]],
  ["servers", { filter: { server: ["o*"] } }, ["c"]],
  ["methods", { filter: { method: ["tools/*"] } }, ["a", "b"]],
  ["levels", { level: "warn" }, ["b"]],
  ["all of them", {}, ["a", "b", "c"]],
])("filtered by %s", async (_what, request, expected) => {
  const { wing, door } = await openScene();
  const { lines, until } = await follow(door, request);
  wing.log.record(record({ name: "a", server: "s1" }));
  wing.log.record(record({ name: "b", server: "s1", verdict: "block" }));
  wing.log.record(record({ name: "c", server: "own", method: "prompts/get" }));
  wing.log.report("error", "this is no decision");
  expect(await until(() => lines.length >= expected.length)).toBe(true);
  await delay(30);
  expect(lines.map(({ name }) => name)).toEqual(expected);
});

test("with what the operator should know, where that is asked for", async () => {
  const { wing, door } = await openScene("dev");
  const { lines, until } = await follow(door, { reports: true, profile: "dev" });
  wing.log.report("warn", "look here", "own");
  wing.log.serverSaid("own", "starting");
  expect(await until(() => lines.length === 2)).toBe(true);
  expect(lines).toMatchObject([
    { event: "report", msg: "profile dev: look here", server: "own" },
    { event: "stderr", msg: "starting", server: "own" },
  ]);
});

test.each([
  ["a profile there is not", { profile: "prod" }, "there is no profile `prod` here"],
  ["a server there is not", { filter: { server: ["own", "file"] } }, "no server is called `file` here: there is `own`"],
  ["a verdict there is not", { filter: { verdict: ["maybe"] } }, "`filter.verdict.0`"],
])("refused for %s", async (_what, request, said) => {
  const { door } = await openScene();
  const { lines, until } = await follow(door, request);
  expect(await until(() => lines.length === 1)).toBe(true);
  expect(lines[0]?.["error"]).toContain(said);
});

test("a reader who does not read slows nobody; what is dropped for him is counted and said when he reads again", async () => {
  const { wing, door } = await openScene();
  const slow = await follow(door, {});
  const quick = await follow(door, { filter: { name: ["last"] } });
  slow.socket.pause();
  const many = 60_000;
  const started = performance.now();
  for (let index = 0; index < many; index++) {
    wing.log.record(record({ name: `n${index}`, reason: "x".repeat(100) }));
    if (index % 1000 === 0) await delay(0);
  }
  wing.log.record(record({ name: "last" }));
  // Half a millisecond each would be a reader who is waited for.
  expect(performance.now() - started).toBeLessThan(many / 2);
  expect(await quick.until(() => quick.lines.length === 1)).toBe(true);
  slow.socket.resume();
  await slow.until(() => slow.lines.length > 1000);
  await delay(200);
  wing.log.record(record({ name: "after" }));
  expect(await slow.until(() => slow.lines.at(-1)?.["name"] === "after")).toBe(true);
  const said = slow.lines.flatMap(({ event, msg }) => (event === "report" ? [String(msg)] : []));
  expect(said).toEqual([expect.stringMatching(/^\d+ lines of the log were dropped$/)]);
  const dropped = Number.parseInt(said[0] ?? "", 10);
  expect(slow.lines.length - 1 + dropped).toBe(many + 2);
}, 40_000);

test("who has hung up is not told any more", async () => {
  const { wing, door } = await openScene();
  const { socket } = await follow(door, {});
  socket.destroy();
  await delay(50);
  wing.log.record(record());
  expect(wing.log.tally.verdicts()).toEqual({ allow: 1, block: 0, ask: 0, answer: 0, drop: 0 });
});
