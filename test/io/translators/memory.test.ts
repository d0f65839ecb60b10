// What was translated before: kept in a file, within bounds, and nothing of people's.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { forget } from "../../../src/io/translators/memory.ts";
import type { TranslationWorld } from "../../../src/io/translators/open-translation.ts";
import type { TranslatorSettings } from "../../../src/io/translators/translation-settings.ts";
import { chat, deepl, LIMITS, open, request } from "./opened.ts";
import { chatCompletions, deepL } from "./stand-in.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "mcprules-memory-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

describe("the memory", () => {
  test("lasts from one proxy to the next, and holds no text of people", async () => {
    const server = await deepL();
    const memory = join(folder(), "deep/translations.jsonl");
    const first = open(deepl(server.url), { memory });
    await first.translation.answer(request(["One"]));
    await first.translation.answer(request(["Dear Alice"], { isPersonal: true }));
    await first.translation.close();
    expect(readFileSync(memory, "utf8")).toMatch(/^\{"k":"[\w-]{43}","a":"«One»","n":"one"\}\n$/);
    expect(statSync(memory).mode & 0o777).toBe(0o600);
    const second = open(deepl(server.url), { memory });
    expect(await second.translation.answer(request(["One"]))).toMatchObject({ texts: ["«One»"] });
    expect(server.asked).toHaveLength(2);
    await second.translation.answer(request(["Dear Alice"], { isPersonal: true }));
    expect(server.asked).toHaveLength(3);
  });

  test.each([
    ["all", 2],
    ["texts", 1],
    ["none", 0],
  ] as const)("`remember: %s` keeps %i of a text and a person's", async (remember, lines) => {
    const server = await deepL();
    const memory = join(folder(), "translations.jsonl");
    const { translation } = open(deepl(server.url, { remember }), { memory });
    await translation.answer(request(["One"]));
    await translation.answer(request(["Dear Alice"], { isPersonal: true }));
    await translation.close();
    const text = lines === 0 ? "" : readFileSync(memory, "utf8");
    expect(text.split("\n").filter((line) => line !== "")).toHaveLength(lines);
  });

  test("is written anew when it has grown too large, without what was only in memory", async () => {
    const server = await deepL();
    const memory = join(folder(), "translations.jsonl");
    const limits = { ...LIMITS, fileBytes: 4000, memoryEntries: 20 };
    const { translation } = open(deepl(server.url), { memory, limits });
    await translation.answer(request(["Dear Alice"], { isPersonal: true }));
    for (let index = 0; index < 200; index += 1) await translation.answer(request([`Text ${index}`]));
    await translation.close();
    expect(statSync(memory).size).toBeLessThan(4200);
    const text = readFileSync(memory, "utf8");
    expect(text).toContain("Text 199");
    expect(text).not.toContain("Alice");
  });

  test("lines that cannot be read are passed over, and a file that cannot be written is said once", async () => {
    const server = await deepL();
    const path = folder();
    const memory = join(path, "translations.jsonl");
    writeFileSync(memory, 'garbage\n{"k":1}\n{"k":"a","a":"b"');
    const one = open(deepl(server.url), { memory });
    expect(await one.translation.answer(request(["One"]))).toMatchObject({ texts: ["«One»"] });
    const folderAsFile = open(deepl(server.url), { memory: path });
    expect(await folderAsFile.translation.answer(request(["One"]))).toMatchObject({ texts: ["«One»"] });
    expect(folderAsFile.reports[0]).toMatch(/^what was translated before is not known: .* cannot be read \(EISDIR\)$/);
    const other = open(deepl(server.url), { memory: join(memory, "below-a-file") });
    await other.translation.answer(request(["One"]));
    await other.translation.answer(request(["Two"]));
    await other.translation.close();
    expect(other.reports).toEqual([expect.stringMatching(/^translations are not kept: .* cannot be written \(\w+\)$/)]);
  });

  test("forgets what one translator said, and only that", async () => {
    const memory = join(folder(), "translations.jsonl");
    writeFileSync(memory, '{"k":"1","a":"x","n":"one"}\n{"k":"2","a":"y","n":"two"}\n');
    expect(await forget(memory, "one")).toBe(1);
    expect(readFileSync(memory, "utf8")).toBe('{"k":"2","a":"y","n":"two"}\n');
    expect(await forget(memory, "one")).toBe(0);
  });

  test("another model, glossary or kind of text is another question", async () => {
    const server = await chatCompletions();
    const memory = join(folder(), "translations.jsonl");
    const ask = async (settings: TranslatorSettings, about: string): Promise<void> => {
      const { translation } = open(settings, { memory });
      const [text] = request(["One"]).texts;
      await translation.answer(request([], { texts: text ? [{ ...text, about }] : [] }));
      await translation.close();
    };
    const base = chat(server.url);
    await ask(base, "title of tool a");
    await ask(base, "title of tool b");
    expect(server.asked).toHaveLength(1);
    await ask(base, "description of tool a");
    await ask({ ...base, glossary: new Map([["fr", { one: "un" }]]) }, "title of tool a");
    await ask(
      { ...base, provider: { kind: "openai", url: server.url, key: undefined, model: "m2" } },
      "title of tool a",
    );
    expect(server.asked).toHaveLength(4);
  });
});

describe("a store that proxies share", () => {
  const storeWith = (kept: Map<string, string>, isShared = true): NonNullable<TranslationWorld["store"]> => ({
    isShared,
    recall: (key) => Promise.resolve({ kind: "recalled", value: kept.get(key) }),
    keep: (key, value) => {
      kept.set(key, value);
      return Promise.resolve({ kind: "kept" });
    },
  });

  test("has what another proxy was told, and nothing of people's", async () => {
    const server = await deepL();
    const kept = new Map<string, string>();
    const one = open(deepl(server.url), {}, storeWith(kept));
    await one.translation.answer(request(["One in {x}"]));
    await one.translation.answer(request(["Dear Alice"], { isPersonal: true }));
    expect([...kept.values()]).toEqual(["«One in ⟦0⟧»"]);
    const other = open(deepl(server.url), {}, storeWith(kept));
    expect(await other.translation.answer(request(["One in {x}"]))).toMatchObject({ texts: ["«One in {x}»"] });
    expect(server.asked).toHaveLength(2);
  });

  test("is no more believed than a translator, and is done without where it fails", async () => {
    const server = await deepL();
    const kept = new Map<string, string>();
    const lying = storeWith(kept);
    const { translation } = open(
      deepl(server.url),
      {},
      { ...lying, recall: () => Promise.resolve({ kind: "recalled", value: "<b>" }) },
    );
    expect(await translation.answer(request(["One"]))).toMatchObject({ texts: ["«One»"] });
    const down = { kind: "failed", reason: "down" } as const;
    const failing = open(
      deepl(server.url),
      {},
      { isShared: true, recall: () => Promise.resolve(down), keep: () => Promise.resolve(down) },
    );
    expect(await failing.translation.answer(request(["Two"]))).toMatchObject({ texts: ["«Two»"] });
  });

  test("of one process holds nothing of it", async () => {
    const server = await deepL();
    const kept = new Map<string, string>();
    const { translation } = open(deepl(server.url), {}, storeWith(kept, false));
    await translation.answer(request(["One"]));
    expect(kept.size).toBe(0);
  });
});
