// Every story of rules-examples/, end to end: what the real servers were sent and what the client got.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { JsonArray, JsonObject, JsonValue } from "../../src/mcp/json.ts";
import { isJsonArray, isJsonObject } from "../../src/mcp/json.ts";
import { exchangesOf, outcomeOf, play, ROOT, STORIES, stories, type Exchange, type Play } from "./story.ts";
import { unlikeness } from "./likeness.ts";

describe.each(stories())("%s", (story) => {
  test(
    "holds its own tests, which reach all of its rules, and the checker has nothing to say",
    { timeout: 30_000 },
    () => {
      const { status, stdout, stderr } = mcprules("test", join(STORIES, story), "--json", "--fail-under", "100");
      const report = JSON.parse(stdout) as Report;
      expect(stderr).toBe("");
      expect(report).toMatchObject({ diagnostics: [], failed: 0 });
      expect(
        report.coverage.rules.flatMap(({ rule, missing }) => missing.map((words) => `${rule}: ${words}`)),
      ).toStrictEqual([]);
      expect(report.passed).toBeGreaterThan(1);
      expect(status).toBe(0);
    },
  );

  test("goes through the proxy and real servers as its session says", { timeout: 60_000 }, async () => {
    const stage = await play(story);
    try {
      const exchanges = exchangesOf(story, stage.folder);
      expect(exchanges.length).toBeGreaterThan(0);
      const found: string[] = [];
      for (const exchange of exchanges) found.push(...(await playOne(stage, exchange)));
      expect(found.length === 0 ? "" : [...found, stage.log()].join("\n")).toBe("");
    } finally {
      await stage.close();
    }
  });
});

interface Report {
  readonly passed: number;
  readonly coverage: { readonly rules: readonly { readonly rule: string; readonly missing: readonly string[] }[] };
}

function mcprules(...args: readonly string[]): ReturnType<typeof spawnSync> & { stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(ROOT, "dist/cli.js"), ...args], { encoding: "utf8" });
}

async function playOne(stage: Play, exchange: Exchange): Promise<readonly string[]> {
  stage.receivedOf(exchange.sends.method);
  stage.asked.length = 0;
  const outcome = await outcomeOf(stage.client, exchange.sends);
  const received = stage.receivedOf(exchange.sends.method);
  const found = [
    ...(exchange.receives ? unlikeReceived(received, exchange.receives) : []),
    ...(exchange.gets === undefined ? [] : unlikeness(outcome, exchange.gets, "gets")),
    ...unlikeList(outcome, exchange),
    ...unlikeAsked(stage.asked, exchange.asked),
  ];
  return found.map((line) => `${JSON.stringify(exchange.sends)}\n  ${line}`);
}

/** Each server named got exactly one such message, all others none. */
function unlikeReceived(
  received: ReturnType<Play["receivedOf"]>,
  sketches: NonNullable<Exchange["receives"]>,
): readonly string[] {
  return Object.entries(received).flatMap(([server, messages]) => {
    const sketch = sketches[server];
    return unlikeness(messages, sketch === undefined ? [] : [sketch], `receives.${server}`);
  });
}

function unlikeAsked(asked: JsonArray, sketch: JsonValue | undefined): readonly string[] {
  if (sketch === undefined) return [];
  return unlikeness(asked, sketch === null ? [] : [sketch], "asked");
}

function unlikeList(outcome: JsonObject, { listed = [], hidden = [] }: Exchange): readonly string[] {
  const names = namesIn(outcome["result"]);
  return [
    ...listed.filter((name) => !names.includes(name)).map((name) => `${name} is not listed among ${names.join(" ")}`),
    ...hidden.filter((name) => names.includes(name)).map((name) => `${name} is listed`),
  ];
}

function namesIn(result: JsonValue | undefined): readonly string[] {
  const lists = isJsonObject(result) ? Object.values(result).filter(isJsonArray) : [];
  return lists.flat().flatMap((entry) => {
    const name = isJsonObject(entry) ? (entry["uri"] ?? entry["uriTemplate"] ?? entry["name"]) : undefined;
    return typeof name === "string" ? [name] : [];
  });
}
