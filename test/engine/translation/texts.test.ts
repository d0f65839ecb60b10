// Which texts of a message or a definition are found, how catalogues call their places, and how they are put back.
import { describe, expect, it } from "vitest";
import { parsePath } from "../../../src/expression/path.ts";
import type { Facts } from "../../../src/engine/facts.ts";
import type { Readable } from "../../../src/engine/translation/found-text.ts";
import { fromCatalogues, withAnswers } from "../../../src/engine/translation/from-catalogues.ts";
import { gatherTexts } from "../../../src/engine/translation/gather-texts.ts";
import { writeTexts } from "../../../src/engine/translation/write-texts.ts";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { catalogueKey, type Translations } from "../../../src/mcp/translations.ts";
import { NOBODY } from "../policy.ts";

const TOOL: JsonObject = {
  name: "search_issues",
  title: "Search",
  description: "Search issues",
  annotations: { title: "Find", readOnlyHint: true },
  inputSchema: {
    type: "object",
    description: "What to look for",
    properties: {
      title: { type: "string", title: "Title", description: "Part of the title", default: "any title", enum: ["a b"] },
      description: { type: "array", items: { description: "One word" }, examples: ["two words"] },
      deep: { anyOf: [{ title: "Left" }, { not: { description: "Right" } }], "x-mcp-header": "X header" },
    },
    patternProperties: { "^the x": { description: "Others" } },
    $defs: { title: { title: "Defined", const: "not this" } },
    required: ["title"],
  },
};

const DEFINITION: Readable = { kind: "definition", server: "github", thing: "tool", own: "search_issues" };

function message(kind: Facts["kind"], method: string, name?: string): Readable {
  const facts: Facts = { kind, method, name, from: "server", server: "github", principal: NOBODY };
  return { kind: "message", facts };
}

function texts(of: Readable, root: JsonObject, ...paths: readonly string[]): readonly string[] {
  const steps = paths.length === 0 ? undefined : paths.map((path) => parsePath(path).steps);
  return gatherTexts(of, root, steps).map(({ text }) => text);
}

describe("in a definition", () => {
  it("every text for people is found, none of the data beside them", () =>
    expect(texts(DEFINITION, TOOL)).toEqual([
      "Search",
      "Search issues",
      "Find",
      "What to look for",
      "Title",
      "Part of the title",
      "One word",
      "Left",
      "Right",
      "Others",
      "Defined",
    ]));

  it("a path takes what stands there and below", () => {
    expect(texts(DEFINITION, TOOL, "description")).toEqual(["Search issues"]);
    expect(texts(DEFINITION, TOOL, "inputSchema.properties.title", "title")).toEqual([
      "Title",
      "Part of the title",
      "Search",
    ]);
    expect(texts(DEFINITION, TOOL, "name", "inputSchema.properties.title.default", "inputSchema.required")).toEqual([]);
  });

  it("each is called by where it stands", () => {
    const found = gatherTexts(DEFINITION, TOOL, [parsePath("inputSchema.properties.title.description").steps]);
    expect(found).toMatchObject([
      {
        context: "github|tool|search_issues|/inputSchema/properties/title/description",
        about: "description of argument title of tool search_issues",
        names: ["search_issues", "title", "description", "deep"],
        isPersonal: false,
      },
    ]);
  });

  it("names in a context are encoded, so that nothing is taken for another", () => {
    const of: Readable = { kind: "definition", server: "a", thing: "resource", own: "file:///x|y%" };
    expect(gatherTexts(of, { uri: "file:///x|y%", title: "T" }, undefined)[0]?.context).toBe(
      "a|resource|file:///x%7Cy%25|/title",
    );
  });

  it("a schema that is deeper than 32 levels is read that far", () => {
    let schema: JsonObject = { title: "bottom" };
    for (let depth = 0; depth < 40; depth += 1) schema = { title: `at ${depth}`, items: schema };
    expect(texts(DEFINITION, { name: "a", inputSchema: schema })).toHaveLength(33);
  });
});

describe("in a message", () => {
  it.each<readonly [string, Readable, JsonObject, readonly string[], readonly string[]]>([
    [
      "a list is its definitions",
      message("result", "tools/list"),
      { result: { tools: [TOOL] } },
      ["result.tools[*].title"],
      ["Search"],
    ],
    [
      "what a tool says is only taken when it is named",
      message("result", "tools/call", "t"),
      { result: { content: [{ type: "text", text: "Hello" }] } },
      [],
      [],
    ],
    [
      "text blocks are taken, images and data are not",
      message("result", "tools/call", "t"),
      {
        result: {
          content: [
            { type: "text", text: "Hello" },
            { type: "text", text: '{"a": "b"}' },
            { type: "text", text: "[1, 2]" },
            { type: "text", text: "[sic] he said" },
            { type: "text", text: "42" },
            { type: "image", data: "YWJj", text: "odd" },
            { type: "resource_link", uri: "a:b", name: "n", title: "Link", description: "Leads there" },
            { type: "resource", resource: { uri: "a:b", mimeType: "text/plain; charset=utf-8", text: "Inside" } },
            { type: "resource", resource: { uri: "a:b", mimeType: "text/html", text: "<p>Inside" } },
          ],
        },
      },
      ["result.content"],
      ["Hello", "[sic] he said", "Link", "Leads there", "Inside"],
    ],
    [
      "what says again what is structured is data",
      message("result", "tools/call", "t"),
      { result: { content: [{ type: "text", text: '"plain"' }], structuredContent: "plain" } },
      ["result.content"],
      [],
    ],
    [
      "structured content is taken text by text, by its path",
      message("result", "tools/call", "t"),
      {
        result: {
          structuredContent: { items: [{ label: "One", id: "x" }, { label: "Two" }], tags: ["a", "b"], o: { p: "q" } },
        },
      },
      ["result.structuredContent.items[*].label", "result.structuredContent.tags", "result.structuredContent.o"],
      ["One", "Two", "a", "b"],
    ],
    [
      "an argument is taken by its path",
      message("request", "tools/call", "t"),
      { params: { name: "t", arguments: { query: "chercher", n: 1 } } },
      ["params.arguments.query", "params.arguments.n", "params.name"],
      ["chercher"],
    ],
    [
      "a question and its form",
      message("request", "elicitation/create"),
      {
        params: {
          message: "Which?",
          requestedSchema: {
            type: "object",
            properties: {
              color: { title: "Color", oneOf: [{ const: "r", title: "Red" }], default: "r" },
              many: { items: { anyOf: [{ const: "a", title: "A thing" }] } },
              old: { enum: ["x"], enumNames: ["The x"] },
            },
          },
        },
      },
      [],
      ["Which?", "Color", "Red", "A thing", "The x"],
    ],
    [
      "an error's message",
      message("error", "tools/call", "t"),
      { error: { code: 1, message: "No", data: { message: "n" } } },
      [],
      ["No"],
    ],
    [
      "a prompt's description",
      message("result", "prompts/get", "p"),
      { result: { description: "D", messages: [{ role: "user", content: { type: "text", text: "M" } }] } },
      [],
      ["D"],
    ],
    [
      "a status",
      message("notification", "notifications/tasks/status"),
      { params: { taskId: "1", status: "working", statusMessage: "Busy" } },
      [],
      ["Busy"],
    ],
    [
      "a line of a log",
      message("notification", "notifications/message"),
      { params: { level: "info", data: "Line" } },
      ["params.data"],
      ["Line"],
    ],
  ])("%s", (_, of, root, paths, found) => expect(texts(of, root, ...paths)).toEqual(found));

  it("of results is personal, of lists is not", () => {
    const result = { result: { content: [{ type: "text", text: "Hello" }] } };
    const [found] = gatherTexts(message("result", "tools/call", "t"), result, [parsePath("result.content").steps]);
    expect(found).toMatchObject({
      isPersonal: true,
      context: "github|message|tools/call t|/content/0/text",
      about: "text of tools/call t",
    });
  });

  it("a failure is its message", () => {
    const facts: Facts = {
      kind: "result",
      method: "tools/call",
      name: "t",
      from: "server",
      server: "s",
      principal: NOBODY,
    };
    expect(texts({ kind: "failure", facts }, { message: "It broke" })).toEqual(["It broke"]);
  });
});

describe("put back", () => {
  it("changes what was found and shares the rest", () => {
    const root: JsonObject = { result: { tools: [TOOL, { name: "b", title: "B" }], more: { a: 1 } } };
    const found = gatherTexts(message("result", "tools/list"), root, [parsePath("result.tools[*].title").steps]);
    const written = writeTexts(root, found, [undefined, "BB"]);
    expect(written).toEqual({ result: { tools: [TOOL, { name: "b", title: "BB" }], more: { a: 1 } } });
    expect(Reflect.get(Object(written["result"]), "more")).toBe(Reflect.get(Object(root["result"]), "more"));
    expect(root).toMatchObject({ result: { tools: [{}, { title: "B" }] } });
  });

  it("is the same object when nothing is other", () => {
    const found = gatherTexts(DEFINITION, TOOL, undefined);
    expect(writeTexts(TOOL, found, [])).toBe(TOOL);
    expect(
      writeTexts(
        TOOL,
        found,
        found.map(({ text }) => text),
      ),
    ).toEqual(TOOL);
  });
});

describe("catalogues", () => {
  const translations: Translations = {
    languageFor: () => undefined,
    catalogues: [
      {
        language: "fr",
        texts: new Map([
          [catalogueKey("github|tool|search_issues|/title", "Search"), "Chercher"],
          [catalogueKey("", "Search"), "Recherche"],
          [catalogueKey("", "Find"), "Trouver"],
        ]),
      },
    ],
  };

  it("know a text by its place, else wherever it stands; the rest is missing", () => {
    const found = gatherTexts(DEFINITION, TOOL, undefined);
    const translated = fromCatalogues(translations, "fr", found);
    expect(translated.texts.slice(0, 3)).toEqual(["Chercher", undefined, "Trouver"]);
    expect(translated.missing.map(({ text }) => text).slice(0, 2)).toEqual(["Search issues", "What to look for"]);
    const all = withAnswers(
      translated,
      translated.missing.map(({ text }) => `fr ${text}`),
    );
    expect(all.slice(0, 4)).toEqual(["Chercher", "fr Search issues", "Trouver", "fr What to look for"]);
  });

  it.each([undefined, translations])("without one for the language, all is missing", (known) => {
    const found = gatherTexts(DEFINITION, TOOL, undefined);
    expect(fromCatalogues(known, "de", found).missing).toEqual(found);
  });
});
