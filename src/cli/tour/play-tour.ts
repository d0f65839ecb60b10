// The tour: opens the stage, plays the session, tells what happened; stays and plays again when asked to, or after a reload.
import { EventEmitter, on } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { stderr, stdin, stdout } from "node:process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

import type { LogEntry } from "../../io/log/log-entry.ts";
import { createHumanLines } from "../../io/log/human-log.ts";
import { compilePolicy } from "../../language/compile-policy.ts";
import type { CompiledRule } from "../../language/compiled-policy.ts";
import { paintFor, type Paint } from "../paint.ts";
import { listTools, send } from "./happenings.ts";
import { recountExchange, recountListing, type Teller } from "./recount.ts";
import { openStage, sessionOf, STORY, type Stage, type TourPlaces } from "./stage.ts";

export interface TourOptions extends TourPlaces {
  /** Goes on until the reader ends it. */
  readonly stays: boolean;
}

/** Narrower terminals wrap; in wider ones the rules stand too far from what they did. */
const WIDEST = 100;

/** As long as the tour's policy counts, keeps and tags: afterwards the session goes as it went before. */
const REMEMBERED_MS = 3000;

/** Resolves to the exit code. */
export async function playTour({ root, script, stays }: TourOptions): Promise<number> {
  const paint = paintFor(stdout);
  const stage = await openStage({ root, script });
  if (typeof stage === "string") {
    stderr.write(`${stage}\n`);
    return 1;
  }
  try {
    print(...headline(paint));
    const blocks = await play(stage, root, paint);
    print(...blocks.flat());
    if (stays) await stay(stage, root, paint, blocks);
    return 0;
  } finally {
    await stage.close();
  }
}

function headline(paint: Paint): readonly string[] {
  return [
    `${paint.bold("mcprules")} between an AI client and two MCP servers, server-everything and server-filesystem.`,
    `The policy: ${paint.bold(`${STORY}/policy.mcprules`)}. What came of it, just now:`,
    "",
  ];
}

type Blocks = readonly (readonly string[])[];

/** A block is the lines of one thing that happened. */
async function play(stage: Stage, root: string, paint: Paint): Promise<Blocks> {
  const width = Math.min(stdout.columns || WIDEST, WIDEST);
  const teller: Teller = { paint, width, temporary: stage.temporary, rules: rulesOf(join(root, STORY)) };
  const blocks: (readonly string[])[] = [...recountListing(await listTools(stage), teller).map((line) => [line]), [""]];
  for (const sent of sessionOf(root, stage.folder)) {
    if (sent.method === "tools/call") blocks.push(recountExchange(await send(stage, sent), teller));
  }
  return blocks;
}

/** Of the files as they stand now; none while they are not sound. */
function rulesOf(folder: string): readonly CompiledRule[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".mcprules"));
  const sources = files.map((name) => ({ path: name, text: readFileSync(join(folder, name), "utf8") }));
  return compilePolicy(sources, { now: Date.now() }).policy?.rules ?? [];
}

/** Until Ctrl+C or Ctrl+D: every decision as it is made; Enter or a reload plays the session again. */
async function stay(stage: Stage, root: string, paint: Paint, first: Blocks): Promise<void> {
  print(...invitation(paint));
  let before = first;
  let played = performance.now();
  for await (const _ of replays(stage, paint)) {
    await delay(Math.max(0, played + REMEMBERED_MS - performance.now()));
    const blocks = await play(stage, root, paint);
    const known = new Set(before.map(timeless));
    const changed = blocks.filter((lines) => !known.has(timeless(lines)));
    print(
      "",
      changed.length > 0 ? paint.bold("What is different now:") : paint.dim("Nothing is different from before."),
    );
    print(...changed.flat());
    before = blocks;
    played = performance.now();
  }
}

/** How long there is to wait depends on how fast this machine is just now. */
function timeless(lines: readonly string[]): string {
  return lines.join("\n").replaceAll(/Try again in \d+ s/g, "Try again");
}

function invitation(paint: Paint): readonly string[] {
  return [
    "",
    `${paint.bold("Now change the policy")}: edit ${STORY}/policy.mcprules and save. It is in force at once, if its tests pass.`,
    `For instance, delete \`| create_directory\` in \`read-only-files\`.`,
    `The session is played again after each change, and when you press ${paint.bold("Enter")}. Ctrl+C ends the tour.`,
  ];
}

/** One turn for each wish to see the session again; ends with the input. */
function replays({ log }: Stage, paint: Paint): AsyncIterable<unknown> {
  const wishes = new EventEmitter();
  const lines = createInterface({ input: stdin });
  lines.on("line", () => wishes.emit("again"));
  lines.on("close", () => wishes.emit("over"));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => lines.close());
  const toLine = createHumanLines(paint.bold("x") !== "x");
  log.onEntry((entry) => {
    // Lists are told of as a whole.
    if (entry.kind !== "decision" || entry.record.kind !== "catalogue") stdout.write(toLine(entry));
    if (isReload(entry)) wishes.emit("again");
  });
  return on(wishes, "again", { close: ["over"] });
}

/** What the proxy says when another policy is in force. */
function isReload(entry: LogEntry): boolean {
  return entry.kind === "report" && entry.text.startsWith("policy revision");
}

function print(...lines: readonly string[]): void {
  for (const line of lines) stdout.write(`${line}\n`);
}
