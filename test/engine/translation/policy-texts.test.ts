// Reasons and questions in the language of who gets them, and in nobody else's.
import { describe, expect, it } from "vitest";
import type { Principal } from "../../../src/engine/facts.ts";
import type { Revision } from "../../../src/engine/policy-store.ts";
import { policyContext } from "../../../src/engine/translation/policy-texts.ts";
import { catalogueKey, type Translations } from "../../../src/mcp/translations.ts";
import { call, decision, NOBODY, revisionOf } from "../policy.ts";

const POLICY = `default allow
rule a when tool a block "No {name} for {params.arguments.path}, {name}."
rule b when tool b ask "Shall {name} go on?"
rule c when tool c limit 1 per 1h else block "Enough of {name}."
rule d when tool d block "Not {params.arguments.path}."
rule e when tool e block "Plain."
`;

const FRENCH: Readonly<Record<string, readonly [text: string, translation: string]>> = {
  [policyContext("a", "reason")]: [
    "No {name} for {params.arguments.path}, {name}.",
    "Pas de {name} ({params.arguments.path}) : {name}, {secret}.",
  ],
  [policyContext("b", "text")]: ["Shall {name} go on?", "{name} peut-il continuer ?"],
  [policyContext("c", "reason")]: ["Enough of {name}.", "Assez de {name}."],
  [policyContext("d", "reason")]: ["Not this.", "Pas cela."],
  "": ["Plain.", "Simple."],
};

const TRANSLATIONS: Translations = {
  languageFor: ({ languages = [] }) => languages[0],
  catalogues: [
    {
      language: "fr",
      texts: new Map(Object.entries(FRENCH).map(([context, [text, said]]) => [catalogueKey(context, text), said])),
    },
  ],
};

const REVISION: Revision = { ...revisionOf(POLICY), translations: TRANSLATIONS };
const READS: Readonly<Record<string, Principal>> = {
  fr: { ...NOBODY, languages: ["fr"] },
  en: { ...NOBODY, languages: ["en"] },
  nothing: NOBODY,
};

function said(tool: string, language: string): string | undefined {
  const message = call(tool, { path: "/x" });
  const principal = READS[language] ?? NOBODY;
  const { reason, question, limits } = decision(REVISION, { ...message, facts: { ...message.facts, principal } });
  const [limit] = limits;
  return reason ?? question?.text ?? (limit?.otherwise.kind === "block" ? limit.otherwise.reason : undefined);
}

describe("to whom reads French", () => {
  it.each([
    ["a", "Pas de a (/x) : a, {secret}."],
    ["b", "a peut-il continuer ?".replace("a ", "b ")],
    ["c", "Assez de c."],
    ["e", "Simple."],
  ])("rule %s speaks French, and fills in only what the original does", (tool, text) =>
    expect(said(tool, "fr")).toBe(text),
  );

  it("a text that has changed since is as its author wrote it", () => expect(said("d", "fr")).toBe("Not /x."));
});

it.each(["en", "nothing"])(
  "to whom reads %s nothing changes, though somebody else was told in French before",
  (language) => {
    for (const tool of ["a", "b", "c", "e"]) said(tool, "fr");
    expect(["a", "b", "c", "e"].map((tool) => said(tool, language))).toEqual([
      "No a for /x, a.",
      "Shall b go on?",
      "Enough of c.",
      "Plain.",
    ]);
  },
);
