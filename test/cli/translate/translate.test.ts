// `mcprules translate` over the life of a catalogue: made, filled, checked, changed; with a real server, and a service of ours.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { check } from "../../../src/cli/policy/check.ts";
import { translate } from "../../../src/cli/translate/translate.ts";
import type { TranslateRequest } from "../../../src/cli/translate/translate-request.ts";
import { deepL, nobody } from "../../io/translators/stand-in.ts";
import { folder, mcprules, OWN, settings } from "../outside.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(request: Partial<TranslateRequest>): Promise<Ended> {
  const [stdout, stderr] = [[] as string[], [] as string[]];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => stdout.push(String(text)) > 0);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => stderr.push(String(text)) > 0);
  const status = await translate({ name: "server", command: [], ...request });
  vi.restoreAllMocks();
  return { status, stdout: stdout.join(""), stderr: stderr.join("") };
}

interface Place {
  readonly config: string;
  readonly catalogue: (language: string) => string;
  readonly write: (path: string, text: string) => void;
}

/** A server that lists these descriptions, and a policy. */
function place(name: string, described: Readonly<Record<string, string>>, mcprules: object = {}): Place {
  const tools = Object.entries(described).map(([tool, description]) => ({
    name: tool,
    description,
    inputSchema: { type: "object" },
  }));
  const server = { command: process.execPath, args: [OWN], env: { TOOLS: JSON.stringify(tools) } };
  mkdirSync(folder.at(`${name}/rules`), { recursive: true });
  folder.write(
    `${name}/mcprules.json`,
    settings({ github: server }, { rules: ["rules"], translationMemory: false, ...mcprules }),
  );
  folder.write(
    `${name}/rules/p.mcprules`,
    `mcprules 1
default allow
rule closed when tools/call search on github with q "secret" block "{name} is closed."
rule french when result of tools/call search on github translate in content[*].text to "fr"
`,
  );
  return {
    config: folder.at(`${name}/mcprules.json`),
    catalogue: (language) => folder.read(`${name}/rules/translations/${language}`),
    write: (path, text) => folder.write(`${name}/${path}`, text),
  };
}

describe("extracting", () => {
  test("writes what the servers and the policy say, once, and a second time the same", async () => {
    const { config, catalogue } = place("made", { search: "Search in {repo}", read: "Read it" });
    const first = await run({ extract: true, to: ["fr", "de"], config });
    expect(first).toMatchObject({ status: 0, stderr: "" });
    expect(first.stdout).toMatch(/^3 texts in .*\nfr\.po: 3 to translate\nde\.po: 3 to translate\n$/);
    const before = [catalogue("fr.po"), catalogue("source.pot")];
    expect(before[0]).toContain(
      '#: policy:closed\n#. reason of rule closed\nmsgctxt "policy|rule|closed|/reason"\nmsgid "{name} is closed."\nmsgstr ""',
    );
    expect(before[1]).toContain('msgctxt "github|tool|search|/description"');
    expect((await run({ extract: true, config })).stdout).toContain("fr.po: 3 to translate (as before)");
    expect([catalogue("fr.po"), catalogue("source.pot")]).toEqual(before);
  });

  test("keeps what people did when a server says something else, and when it cannot be asked", async () => {
    const { config, catalogue, write } = place("kept", { search: "Search", read: "Read it" });
    await run({ extract: true, to: ["fr"], config });
    const path = "rules/translations/fr.po";
    write(path, catalogue("fr.po").replace('msgid "Search"\nmsgstr ""', 'msgid "Search"\nmsgstr "Chercher"'));
    place("kept", { search: "Search all", write: "Write it" });
    expect((await run({ extract: true, config })).stdout).toContain("fr.po: 2 to translate, 1 fuzzy");
    expect(catalogue("fr.po")).toContain(
      '#, fuzzy\n#| msgid "Search"\nmsgctxt "github|tool|search|/description"\nmsgid "Search all"\nmsgstr "Chercher"',
    );
    const before = catalogue("fr.po");
    write("mcprules.json", settings({ github: { command: "no-such-command-here" } }, { rules: ["rules"] }));
    const failed = await run({ extract: true, config });
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain("the server `github` cannot be asked what it has");
    expect(catalogue("fr.po")).toBe(before);
  });

  test("takes from a log what passed by, and starts nothing", async () => {
    const { config, catalogue, write } = place("logged", { search: "Search" });
    write("mcprules.json", settings({ github: { command: "no-such-command-here" } }, { rules: ["rules"] }));
    const line = (kind: string, message: object): string =>
      JSON.stringify({
        event: "message",
        kind,
        method: "tools/call",
        from: "server",
        server: "github",
        name: "search",
        message,
      });
    const list = {
      event: "message",
      kind: "result",
      method: "tools/list",
      from: "server",
      server: "github",
      message: { result: { tools: [{ name: "t", title: "Already French" }] } },
    };
    write(
      "wire.jsonl",
      [
        line("error", { error: { code: 1, message: "No such repository" } }),
        line("result", {
          result: {
            content: [
              { type: "text", text: "Nothing found" },
              { type: "text", text: "[]" },
            ],
          },
        }),
        JSON.stringify(list),
        "garbage",
      ].join("\n"),
    );
    const log = config.replace("mcprules.json", "wire.jsonl");
    expect(await run({ extract: true, to: ["fr"], fromLog: log, config })).toMatchObject({ status: 0, stderr: "" });
    expect(catalogue("fr.po")).toContain(
      'msgctxt "github|message|tools/call search|/message"\nmsgid "No such repository"',
    );
    expect(catalogue("fr.po")).toContain(
      'msgctxt "github|message|tools/call search|/content/0/text"\nmsgid "Nothing found"',
    );
    expect(catalogue("fr.po")).not.toMatch(/French|\[\]/);
    expect((await run({ extract: true, to: ["fr"], fromLog: `${log}.gone`, config })).status).toBe(1);
  });
});

describe("filling", () => {
  test("is not for the model of a client: there is none", async () => {
    const mine = { translators: { mine: { kind: "sampling" } } };
    const { config } = place("unfilled", { search: "Search" }, mine);
    await run({ extract: true, to: ["fr"], config });
    const filled = await run({ fill: true, using: "mine", config });
    expect(filled).toMatchObject({ status: 1, stdout: "" });
    expect(filled.stderr).toContain("error: `mine` is the model of whichever client is served");
  });

  const translators = (url: string): object => ({
    translators: { deepl: { kind: "deepl", url, key: { env: "KEY" }, default: true } },
  });

  test("translates what is empty, says who did, and leaves the rest alone", async () => {
    vi.stubEnv("KEY", "k");
    const server = await deepL();
    const { config, catalogue, write } = place(
      "filled",
      { search: "Search in {repo}", read: "Read it" },
      translators(server.url),
    );
    await run({ extract: true, to: ["fr"], config });
    write(
      "rules/translations/fr.po",
      catalogue("fr.po").replace('msgid "Read it"\nmsgstr ""', 'msgid "Read it"\nmsgstr "Lire"'),
    );
    expect(await run({ fill: true, config })).toEqual({
      status: 0,
      stdout: "fr: 2 texts were translated by deepl\n",
      stderr: "",
    });
    expect(catalogue("fr.po")).toContain(
      '# machine: deepl\n#: github:search\n#. description of tool search\nmsgctxt "github|tool|search|/description"\nmsgid "Search in {repo}"\nmsgstr "«Search in {repo}»"',
    );
    expect(catalogue("fr.po")).toContain('msgstr "Lire"');
    expect((await run({ fill: true, config })).stdout).toBe("fr: 0 texts were translated by deepl\n");
  });

  test("fails where a translator does, and where there is none", async () => {
    vi.stubEnv("KEY", "k");
    const { config } = place("unfilled", { search: "Search" }, translators(await nobody()));
    await run({ extract: true, to: ["fr"], config });
    const failed = await run({ fill: true, config });
    expect(failed).toMatchObject({
      status: 1,
      stdout: "fr: 0 texts were translated by deepl; 2 are left as they are\n",
    });
    expect(failed.stderr).toContain("the translator deepl fails: it cannot be reached");
    expect(await run({ fill: true, using: "other", config })).toMatchObject({ status: 1 });
  });
});

describe("checking", () => {
  const FRENCH = `msgctxt "github|tool|search|/description"
msgid "Search in {repo} with \`q\`"
msgstr "Chercher dans {depot} avec \`q\`"

msgid "Read"
msgstr "Lire"

#, fuzzy
msgid "Write"
msgstr "Écrire"
`;

  test("needs nothing but the catalogues, and names what was lost", async () => {
    const { write } = place("checked", {});
    write("rules/translations/fr.po", FRENCH);
    const rules = [folder.at("checked/rules")];
    expect(await run({ check: true, rules })).toEqual({
      status: 1,
      stdout: "fr: 2 of 3 texts (66 %), 1 fuzzy\n  github|tool|search|/description has lost `{repo}`\n",
      stderr: "",
    });
    write("rules/translations/fr.po", FRENCH.replace("{depot}", "{repo}"));
    expect(await run({ check: true, rules })).toMatchObject({ status: 0 });
    expect(await run({ check: true, rules, failUnder: 67 })).toMatchObject({ status: 1 });
    expect(JSON.parse((await run({ check: true, rules, json: true })).stdout)).toMatchObject({
      languages: [{ language: "fr", percent: 66 }],
    });
    expect(await run({ check: true, rules, to: ["de"] })).toMatchObject({ status: 1 });
  });

  test("a catalogue that cannot be read is named", async () => {
    const { write, config } = place("broken", {});
    write("rules/translations/fr.po", 'msgid "a" b\n');
    const ended = await run({ check: true, config });
    expect(ended.status).toBe(1);
    expect(ended.stderr).toMatch(/fr\.po` cannot be read/);
  });
});

test("`check` refuses a policy whose catalogue cannot be read, and shows where", async () => {
  const { write } = place("refused", {});
  const paths = [folder.at("refused/rules")];
  const stderr: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => stderr.push(String(text)) > 0);
  write("rules/translations/fr.po", 'msgid "Read"\nmsgstr "Lire"\n');
  expect(await check({ paths })).toBe(0);
  write("rules/translations/fr.po", 'msgid "Read"\nmsgstr "Lire" encore"\n');
  expect(await check({ paths })).toBe(1);
  expect(stderr.join("")).toMatch(/error\[MR601\]: this catalogue cannot be read: .*\n --> .*fr\.po:2:1\n/);
});

describe("asking for", () => {
  test.each<readonly [string, Partial<TranslateRequest>]>([
    ["nothing", {}],
    ["two things", { fill: true, check: true }],
    ["rules that are not there", { check: true, rules: ["/nowhere-at-all"] }],
  ])("%s is wrong usage", async (_, request) => expect(await run(request)).toMatchObject({ status: 2 }));

  test.each([
    ["french", '`french` is no tag of a language: did you mean "fr"?'],
    ["fr,qqx", "`qqx` is no tag of a language: tags such as `fr,pt-BR` are expected"],
    ["pt_BR", '`pt_BR` is no tag of a language: did you mean "pt-BR"?'],
    ["auto", "a catalogue is for one language: `auto` is none"],
  ])("the language %s is refused, as a rule with it is", (to, why) => {
    const { config } = place("no-language", { search: "Searches." });
    const { status, stderr } = mcprules(["translate", "--extract", "--config", config, "--to", to]);
    expect([status, stderr]).toEqual([2, expect.stringContaining(why)]);
    expect(existsSync(folder.at("no-language/rules/translations"))).toBe(false);
  });

  test("a language is needed the first time", async () => {
    const { config } = place("first", { search: "Search" });
    expect(await run({ extract: true, config })).toMatchObject({ status: 2 });
  });

  test("a translator to be forgotten takes what it said with it", async () => {
    vi.stubEnv("KEY", "k");
    const memory = folder.at("forgotten/memory.jsonl");
    const translators = { deepl: { kind: "deepl", url: "http://127.0.0.1:1", key: { env: "KEY" } } };
    const { config, write } = place("forgotten", {}, { translators, translationMemory: memory });
    write("memory.jsonl", '{"k":"1","a":"x","n":"deepl"}\n{"k":"2","a":"y","n":"other"}\n');
    expect((await run({ forget: "deepl", config })).stdout).toMatch(/^1 translations of deepl are forgotten/);
    expect(readFileSync(memory, "utf8")).toBe('{"k":"2","a":"y","n":"other"}\n');
    expect(await run({ forget: "nobody", config })).toMatchObject({ status: 1 });
  });
});
