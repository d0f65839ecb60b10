// Translators and languages in the settings: what they come to, and what is said of those that cannot be.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseSettings } from "../../../src/io/settings/settings-file.ts";
import { renderProblems } from "../../../src/io/settings/problem.ts";
import type { TranslationSettings } from "../../../src/io/translators/translation-settings.ts";

const folder = mkdtempSync(join(tmpdir(), "mcprules-translators-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "key"), "from-a-file:fx\n");

const ENVIRONMENT = { HOME: "/home/me", KEY: "from-the-environment" };

function read(mcprules: object) {
  const text = JSON.stringify({ mcpServers: { s: { command: "x" }, t: { command: "y" } }, mcprules });
  return parseSettings(join(folder, "s.json"), text, ENVIRONMENT);
}

function translationOf(mcprules: object): TranslationSettings | undefined {
  const reading = read(mcprules);
  if (reading.kind === "problems") throw new Error(renderProblems(reading.problems));
  return reading.settings.translation;
}

function problemsOf(translators: object, more: object = {}): readonly string[] {
  const reading = read({ translators, ...more });
  return reading.kind === "problems" ? reading.problems.map(({ path, message }) => `${path} ${message}`) : [];
}

const LIBRE = { kind: "libretranslate", url: "http://127.0.0.1:5000/" };

describe("what may stand there", () => {
  test("the client's own model has no address, takes terms, and is where nobody knows", () =>
    expect(translationOf({ translators: { mine: { kind: "sampling", glossary: { fr: { a: "b" } } } } })).toMatchObject({
      translators: [{ provider: { kind: "sampling" }, glossary: new Map([["fr", { a: "b" }]]), isRemote: true }],
    }));

  test("nothing comes to nothing", () => expect(translationOf({ servers: { s: { language: "de" } } })).toBeUndefined());

  test("the least says the rest", () =>
    expect(translationOf({ translators: { ours: LIBRE }, servers: { s: { language: "de" }, t: {} } })).toEqual({
      translators: [
        {
          name: "ours",
          isDefault: false,
          provider: { kind: "libretranslate", url: "http://127.0.0.1:5000", key: undefined },
          keep: [],
          glossary: new Map(),
          remember: "texts",
          redact: undefined,
          timeoutMs: 30_000,
          maxConcurrent: 4,
          isRemote: false,
        },
      ],
      languages: { users: new Map(), clients: new Map(), default: undefined },
      sources: new Map([
        ["s", "de"],
        ["t", "en"],
      ]),
      limits: { listMs: 150, messageMs: 1500, memoryEntries: 20_000, memoryBytes: 2 ** 25, fileBytes: 2 ** 26 },
      memory: "/home/me/.local/state/mcprules/translations.jsonl",
    }));

  test("a free key of DeepL's belongs to its free host, any other to the other", () => {
    const { translators = [] } =
      translationOf({
        translators: { free: { kind: "deepl", key: { file: "key" } }, paid: { kind: "deepl", key: { env: "KEY" } } },
      }) ?? {};
    expect(translators.map(({ provider }) => provider)).toMatchObject([
      { url: "https://api-free.deepl.com", key: "from-a-file:fx" },
      { url: "https://api.deepl.com", key: "from-the-environment" },
    ]);
    expect(translators.map(({ isRemote }) => isRemote)).toEqual([true, true]);
  });

  test.each([
    [false, undefined],
    ["kept/here.jsonl", join(folder, "kept/here.jsonl")],
  ])("the memory may be %j", (translationMemory, memory) =>
    expect(translationOf({ translators: { ours: LIBRE }, translationMemory })?.memory).toBe(memory),
  );

  test("languages alone are enough", () =>
    expect(translationOf({ languages: { users: { alice: "fr" }, default: "de" } })).toMatchObject({
      translators: [],
      languages: { users: new Map([["alice", "fr"]]), default: "de" },
    }));
});

describe("what may not", () => {
  test.each<readonly [string, object, string]>([
    [
      "another kind",
      { a: { kind: "google" } },
      "mcprules.translators.a.kind `kind` must be `libretranslate`, `deepl`, `openai`, `module` or `sampling`",
    ],
    [
      "the client's own model for whoever comes",
      { a: { kind: "sampling", default: true } },
      "mcprules.translators.a.default `default` is not for `sampling`",
    ],
    [
      "an address of the client's own model",
      { a: { kind: "sampling", url: "https://a.example" } },
      "mcprules.translators.a.url `url` is not for `sampling`",
    ],
    ["no address", { a: { kind: "libretranslate" } }, "must have a `url`: it is a `libretranslate`"],
    ["no model", { a: { kind: "openai", url: "https://a.example/v1" } }, "must have a `model`"],
    ["a module that there is not", { a: { kind: "module", call: "piii" } }, "no module is called `piii`"],
    ["no key", { a: { kind: "deepl" } }, "must have a `key`"],
    ["a key in clear", { a: { kind: "deepl", key: "secret" } }, "a secret does not stand in the settings"],
    [
      "a key that is not set",
      { a: { kind: "deepl", key: { env: "NONE" } } },
      "the environment variable `NONE` is not set",
    ],
    [
      "an address that others read",
      { a: { kind: "libretranslate", url: "http://a.example" } },
      "must be `https`, or on this machine",
    ],
    [
      "what belongs to another kind",
      { a: { ...LIBRE, model: "m" } },
      "mcprules.translators.a.model `model` is not for `libretranslate`",
    ],
    [
      "terms nobody reads",
      { a: { ...LIBRE, glossary: { fr: { a: "b" } } } },
      "mcprules.translators.a.glossary `glossary` is not for `libretranslate`",
    ],
    [
      "a language that is none",
      { a: { kind: "openai", url: "https://a.example", model: "m", glossary: { "fr fr": {} } } },
      "is no language tag",
    ],
    ["a pattern that cannot be", { a: { ...LIBRE, send: { redact: ["/(?=a)/"] } } }, "the pattern cannot be used"],
    ["a name that rules cannot write", { "a-b": LIBRE }, "`a-b` cannot be the name of a translator"],
    [
      "two defaults",
      { a: { ...LIBRE, default: true }, b: { ...LIBRE, default: true } },
      "mcprules.translators.b.default two translators are the default",
    ],
  ])("%s", (_, translators, said) => expect(problemsOf(translators).join("\n")).toContain(said));

  test.each([
    [{ languages: { users: { alice: "french language" } } }],
    [{ languages: { default: "?" } }],
    [{ languages: { default: "french" } }],
    [{ languages: { users: { alice: "english" } } }],
    [{ servers: { s: { language: "not a tag" } } }],
  ])("languages that are none: %j", (more) =>
    expect(problemsOf({}, more).join("\n")).toContain("must be a language tag such as `fr`"),
  );

  test("no secret is told", () =>
    expect(problemsOf({ a: { kind: "deepl", key: "hush-hush" } }).join("\n")).not.toContain("hush-hush"));
});
