// Translating a message: what catalogues know at once, what is asked for and how, and what happens when it is not to be had.
import { describe, expect, it } from "vitest";
import type { Answer, Decision, Need } from "../../../src/engine/decision.ts";
import { reviewCatalogue, type CatalogueReview } from "../../../src/engine/catalogue/catalogue.ts";
import type { TranslationRequest } from "../../../src/engine/need.ts";
import type { Revision } from "../../../src/engine/policy-store.ts";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { catalogueKey, type Translations } from "../../../src/mcp/translations.ts";
import {
  call,
  decided,
  error,
  NOBODY,
  NOW,
  request,
  result,
  revisionOf,
  texts,
  told,
  type Message,
} from "../policy.ts";

const FRENCH: Readonly<Record<string, string>> = { Search: "Chercher", "Read it.": "Lisez-le.", Hello: "Bonjour" };

function translations(
  entries: Readonly<Record<string, string>>,
  language = "fr",
  reads: readonly string[] = ["fr"],
): Translations {
  const known = new Map(Object.entries(entries).map(([text, translated]) => [catalogueKey("", text), translated]));
  return { catalogues: [{ language, texts: known }], languageFor: () => reads[0] };
}

/** As the translator of the tests has it. */
function french({ texts: asked }: TranslationRequest): Answer {
  const known = asked.map(({ text }) => FRENCH[text]);
  return { kind: "translate", answer: { kind: "translated", texts: known, isPartial: known.includes(undefined) } };
}

const failing = (): Answer => ({ kind: "translate", answer: { kind: "failed", reason: "nobody there" } });

interface Outcome<T> {
  readonly value: T;
  readonly requests: readonly TranslationRequest[];
}

function driven<T>(asking: Parameters<typeof told<T>>[0], answer: (request: TranslationRequest) => Answer): Outcome<T> {
  const { value, needs } = told(asking, (need: Need) => {
    if (need.kind !== "translate") throw new Error(`asked to ${need.kind}`);
    return answer(need.translation);
  });
  return { value, requests: needs.flatMap((need) => (need.kind === "translate" ? [need.translation] : [])) };
}

function revision(policy: string, known?: Translations): Revision {
  return { ...revisionOf(`default allow ${policy}`), translations: known };
}

function outcome(policy: string, message: Message, answer = french, known?: Translations): Outcome<Decision> {
  return driven(decided(revision(policy, known), message), answer);
}

const SAYS = result("tools/call", texts("Hello"), "t");
const NAMED = 'rule r when result of tools/call * translate in content to "fr"';

describe("a message", () => {
  it("is asked for with all a translator has to know", () => {
    const { requests } = outcome(`${NAMED} using deepl`, SAYS);
    expect(requests).toEqual([
      {
        texts: [
          { text: "Hello", context: expect.any(String) as string, about: expect.any(String) as string, names: ["t"] },
        ],
        to: "fr",
        using: "deepl",
        server: "files",
        principal: NOBODY,
        isList: false,
        isPersonal: true,
        rule: "r",
        revision: "r1",
      },
    ]);
  });

  const DONE: readonly [string, string, Message, JsonObject][] = [
    ["where a rule names it", NAMED, SAYS, { result: texts("Bonjour") }],
    [
      "where it is for people anyway",
      'rule r when error of tools/call * translate to "fr"',
      error("tools/call", { code: 1, message: "Hello" }, "t"),
      { error: { code: 1, message: "Bonjour" } },
    ],
    ["not where nobody said that it is", 'rule r when result of tools/call * translate to "fr"', SAYS, SAYS.content],
    [
      "in the text of a failure",
      'rule r when failure of tools/call * translate in message to "fr"',
      result("tools/call", { ...texts("Hello"), isError: true }, "t"),
      { result: { ...texts("Bonjour"), isError: true } },
    ],
    [
      "towards the server",
      'rule r when tools/call t translate in query to "fr"',
      call("t", { query: "Search" }),
      { params: { name: "t", arguments: { query: "Chercher" } } },
    ],
    [
      "not where it is code",
      NAMED,
      result("tools/call", texts('{"a": "Hello"}'), "t"),
      { result: texts('{"a": "Hello"}') },
    ],
  ];

  it.each(DONE)("is translated %s", (_, policy, message, content) => {
    const { value } = outcome(policy, message);
    expect(value.content).toEqual(content);
    expect(value.record.changedBy).toEqual(value.content === message.content ? undefined : ["r"]);
    expect(value.record.translation).toBeUndefined();
  });

  it("needs nobody for what catalogues know", () => {
    const { value, requests } = outcome(NAMED, SAYS, failing, translations({ Hello: "Salut" }));
    expect([value.content, requests]).toEqual([{ result: texts("Salut") }, []]);
  });

  it("asks only for the rest", () => {
    const message = result("tools/call", texts("Hello", "Search"), "t");
    const { value, requests } = outcome(NAMED, message, french, translations({ Hello: "Salut" }));
    expect(requests.map((one) => one.texts.map(({ text }) => text))).toEqual([["Search"]]);
    expect(value.content).toEqual({ result: texts("Salut", "Chercher") });
  });

  it("is seen by the rules as it was translated", () => {
    expect(
      outcome(`${NAMED} rule b when result of tools/call * with content[*].text Bonjour block`, SAYS).value.rule,
    ).toBe("b");
  });

  const READERS: readonly [string, Translations | undefined, readonly string[]][] = [
    ["the language they read", translations({}, "fr", ["de"]), ["de"]],
    ["no language, if none fits", translations({}, "fr", []), []],
    ["whatever the translator finds, if nobody here knows", undefined, ["auto"]],
  ];

  it.each(READERS)("for whoever reads it is put into %s", (_, known, expected) => {
    const policy = NAMED.replace('"fr"', '"auto"');
    expect(outcome(policy, SAYS, french, known).requests.map(({ to }) => to)).toEqual(expected);
  });
});

describe("what cannot be translated", () => {
  const BOTH = result("tools/call", texts("Hello", "Unheard of"), "t");
  const PARTS: readonly [string, (request: TranslationRequest) => Answer, Message, JsonObject][] = [
    ["because nobody answers", failing, SAYS, SAYS.content],
    ["in part", french, BOTH, { result: texts("Bonjour", "Unheard of") }],
  ];

  it.each(PARTS)("%s stays as it is, and the record says so", (_, answer, message, content) => {
    const { value } = outcome(NAMED, message, answer);
    expect([value.verdict, value.content, value.record.translation]).toEqual(["allow", content, "partial"]);
    expect(value.record.failedOpen).toBeUndefined();
  });

  it.each(PARTS)("%s blocks where the rule fails closed", (_, answer, message) => {
    const { value } = outcome(NAMED.replace("rule r", "rule r fails closed"), message, answer);
    expect([value.verdict, value.code, value.rule]).toEqual(["block", 5000, "r"]);
  });

  it("since it is in doubt whether it is meant refuses the message", () => {
    const { value, requests } = outcome(NAMED.replace("*", "* with content > 1"), SAYS);
    expect([value.verdict, value.code, requests]).toEqual(["block", 5000, []]);
  });

  it("may not leave, since it is masked elsewhere: it stays, and the rest is asked for", () => {
    const policy = `rule m when result of prompts/get * redact /Hel+o/ as "***" ${NAMED}`;
    const { value, requests } = outcome(policy, result("tools/call", texts("Hello", "Search"), "t"));
    expect(requests.flatMap((one) => one.texts.map(({ text }) => text))).toEqual(["Search"]);
    expect(value.content).toEqual({ result: texts("Hello", "Chercher") });
    expect(value.record.translation).toBe("partial");
    expect(outcome(policy, SAYS).requests).toEqual([]);
  });

  it("is not asked for where it is blocked anyway", () => {
    const { value, requests } = outcome(`${NAMED} rule b when result of tools/call * block`, SAYS);
    expect([value.verdict, requests]).toEqual(["block", []]);
  });

  it("changes nothing where the answer is no translation at all", () => {
    const none = (): Answer => ({ kind: "translate", answer: { kind: "translated", texts: [], isPartial: false } });
    expect(outcome(NAMED, SAYS, none).value.content).toBe(SAYS.content);
  });

  it("in shadow changes nothing and says what it would", () => {
    const { value } = outcome(NAMED.replace("rule r", "rule r in shadow"), SAYS);
    expect([value.content, value.record.shadow]).toEqual([SAYS.content, [{ rule: "r", would: "translate" }]]);
  });
});

describe("a list", () => {
  const TOOLS: readonly JsonObject[] = [
    {
      name: "search",
      description: "Search",
      inputSchema: { type: "object", properties: { q: { description: "Hello" } } },
    },
    { name: "read", description: "Read it.", inputSchema: { type: "object" } },
    { name: "inner", description: "Read it.", inputSchema: { type: "object" } },
  ];

  function review(policy: string, answer = french, known?: Translations): Outcome<CatalogueReview> {
    const catalogue = {
      server: "files",
      kind: "tool",
      definitions: TOOLS,
      principal: NOBODY,
      now: NOW,
      root: undefined,
      home: undefined,
    } as const;
    return driven(reviewCatalogue(revision(`rule h when tool inner block ${policy}`, known), catalogue), answer);
  }

  const WAYS: readonly [string, string][] = [
    ["of things", 'rule r when tool * translate to "fr"'],
    ["as a message", 'rule r when result of tools/list translate to "fr"'],
  ];

  it.each(WAYS)("%s is translated in one go, its schemas too", (_, policy) => {
    const { value, requests } = review(policy);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ isList: true, isPersonal: false });
    const [search, read] = value.things;
    expect(search?.definition).toMatchObject({
      name: "search",
      description: "Chercher",
      inputSchema: { properties: { q: { description: "Bonjour" } } },
    });
    expect(read?.definition).toMatchObject({ name: "read", description: "Lisez-le." });
    expect(value.isPartial).toBe(false);
  });

  it.each(WAYS)("%s changes nothing that arguments have to fit", (_, policy) => {
    expect(review(policy).value.things.map(({ schemaChanged }) => schemaChanged)).toEqual([false, false, false]);
    const { value, requests } = outcome(policy, call("search", { q: 1 }));
    expect([value.verdict, requests]).toEqual(["allow", []]);
  });

  it("asks for nothing of what nobody is shown", () => {
    const { requests } = review('rule r when tool * translate to "fr"');
    expect(requests[0]?.texts.map(({ text }) => text)).toEqual(["Search", "Hello", "Read it."]);
  });

  it("sees what stands before in the rule", () => {
    const { value } = review('rule r when tool read rewrite description ("Search") translate to "fr" set title = "x"');
    expect(value.things[1]?.definition).toMatchObject({ description: "Chercher", title: "x" });
  });

  it.each(WAYS)("%s says that it waits for more", (_, policy) => {
    const { value } = review(policy, failing);
    expect([value.isPartial, value.things.map(({ listed, changed }) => [listed, changed])]).toEqual([
      true,
      [
        [true, false],
        [true, false],
        [false, false],
      ],
    ]);
  });

  it("hides what has to be translated and is not", () => {
    const { value } = review('rule r fails closed when tool read translate to "fr"', failing);
    expect(value.things.map(({ listed, hiddenBy }) => [listed, hiddenBy])).toEqual([
      [true, undefined],
      [false, "r"],
      [false, "h"],
    ]);
  });

  it("needs nobody where catalogues know it all", () => {
    expect(review('rule r when tool search translate to "fr"', failing, translations(FRENCH)).requests).toEqual([]);
  });
});

it("nothing is translated of what holds nothing for people", () => {
  expect(
    outcome(
      'rule r when request translate to "fr"',
      request("completion/complete", { argument: { name: "Hello", value: "Hello" } }),
    ).requests,
  ).toEqual([]);
});
