// Looking at a file: each change is told once, also one from before the first look.
import { appendFileSync, renameSync, rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { stampOf, watchStamp } from "../../src/io/file-stamp.ts";
import { openFolder } from "../e2e/folder.ts";

const EVERY_MS = 20;
const folder = openFolder();

/** Counts what is told. */
function watched(path: string, stamp: string) {
  let told = 0;
  const end = watchStamp(path, stamp, EVERY_MS, () => (told += 1));
  onTestFinished(end);
  return { told: () => told, end };
}

const aWhile = (): Promise<void> => delay(10 * EVERY_MS);

it("tells what changed between the stamp and the first look", async () => {
  folder.write("early.txt", "one");
  const stamp = await stampOf(folder.at("early.txt"));
  folder.write("early.txt", "other");
  const { told } = watched(folder.at("early.txt"), stamp);
  await expect.poll(told).toBe(1);
  await aWhile();
  expect(told()).toBe(1);
});

it("tells each change once: written, replaced, taken away, there again", async () => {
  const path = folder.at("each.txt");
  folder.write("each.txt", "one");
  const { told } = watched(path, await stampOf(path));
  await aWhile();
  expect(told()).toBe(0);
  // What a look cannot see half done.
  appendFileSync(path, "more");
  await expect.poll(told).toBe(1);
  folder.write("next.txt", "another");
  renameSync(folder.at("next.txt"), path);
  await expect.poll(told).toBe(2);
  rmSync(path);
  await expect.poll(told).toBe(3);
  folder.write("next.txt", "again");
  renameSync(folder.at("next.txt"), path);
  await expect.poll(told).toBe(4);
  await aWhile();
  expect(told()).toBe(4);
});

it("tells nothing once it was ended", async () => {
  const path = folder.at("ended.txt");
  folder.write("ended.txt", "one");
  const { told, end } = watched(path, await stampOf(path));
  end();
  folder.write("ended.txt", "another");
  await aWhile();
  expect(told()).toBe(0);
});
