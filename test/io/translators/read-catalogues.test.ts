// Catalogues as translators' tools write them: what counts, and what is said of those that cannot be read.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readCatalogues } from "../../../src/io/translators/read-catalogues.ts";
import { lookUp, type Translations } from "../../../src/mcp/translations.ts";
import { renderDiagnostics } from "../../../src/source/render.ts";

const FRENCH = `msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

#. title of tool search
msgctxt "github|tool|search|/title"
msgid "Search"
msgstr "Chercher"

msgid "Search"
msgstr "Recherche"

#, fuzzy
#| msgid "Old"
msgctxt "github|tool|search|/description"
msgid "New"
msgstr "Vieux"

msgid "Nothing yet"
msgstr ""

msgid "Two\\nlines"
msgstr ""
"Deux\\n"
"lignes"

#~ msgid "Gone"
#~ msgstr "Parti"
`;

function translations(...files: readonly (readonly [string, string])[]): Translations {
  const { catalogues, diagnostics } = readCatalogues(files.map(([path, text]) => ({ path, text })));
  expect(diagnostics).toEqual([]);
  return { catalogues, languageFor: () => undefined };
}

describe("a catalogue", () => {
  test.each([
    ["github|tool|search|/title", "Search", "Chercher"],
    ["github|tool|other|/title", "Search", "Recherche"],
    ["github|tool|search|/description", "New", undefined],
    ["", "Nothing yet", undefined],
    ["", "Two\nlines", "Deux\nlignes"],
    ["", "Gone", undefined],
    ["", "", undefined],
  ])("in %j says of %j: %j", (context, text, translation) => {
    expect(lookUp(translations(["rules/translations/fr.po", FRENCH]), "fr", context, text)).toBe(translation);
  });

  test("is called after its language, by any spelling; the first file counts", () => {
    const all = translations(
      ["a/pt_BR.po", 'msgid "A"\nmsgstr "1"\n'],
      ["b/pt-br.po", 'msgid "A"\nmsgstr "2"\n\nmsgid "B"\nmsgstr "3"\n'],
    );
    expect(all.catalogues.map(({ language }) => language)).toEqual(["pt-BR"]);
    expect(["A", "B"].map((text) => lookUp(all, "pt-BR", "", text))).toEqual(["1", "3"]);
  });
});

describe("a catalogue that cannot be read", () => {
  const render = (path: string, text: string): string => {
    const files = [{ path, text }];
    return renderDiagnostics(readCatalogues(files).diagnostics, files);
  };

  test("is shown where it breaks", () =>
    expect(render("rules/translations/fr.po", 'msgid "A"\nmsgstr "b" c"\n')).toMatchInlineSnapshot(`
      "error[MR601]: this catalogue cannot be read: Invalid key name "c"
       --> rules/translations/fr.po:2:1
      1 | msgid "A"
      2 | msgstr "b" c"
        | ^^^^^^^^^^^^^
        = help: translators' tools write PO files that can be: \`msgfmt -c\` says more
      "
    `));

  test.each([
    ["a text that is not closed", 'msgid "A\nmsgstr "b"\n', "error[MR601]"],
    [
      "a text that is there twice",
      'msgid "A"\nmsgstr "b"\n\nmsgid "A"\nmsgstr "c"\n',
      "error[MR601]: a text stands here twice in one context\n --> fr.po:4:1",
    ],
    ["a text without a translation", 'msgid "A"\n', "error[MR601]"],
    ["something else", "{}", "error[MR601]"],
  ])("for %s", (_, text, said) => expect(render("fr.po", text)).toContain(said));
});

describe("grammar/diagnostics.md", () => {
  const page = readFileSync(new URL("../../../grammar/diagnostics.md", import.meta.url), "utf8");
  const sections = page.split(/^## /m).filter((section) => /^MR60[12]/.test(section));

  test.each(sections.map((section) => [section.slice(0, 5), section] as const))("%s", (code, section) => {
    const files = [...section.matchAll(/```po (\S+)\n([\s\S]*?)```/g)].map(([, path = "", text = ""]) => ({
      path,
      text,
    }));
    const [bad, good] = files.map((file) => readCatalogues([file]).diagnostics.map((diagnostic) => diagnostic.code));
    expect([bad, good]).toEqual([[code], []]);
  });

  test("has sections of its own for catalogues", () => expect(sections).toHaveLength(2));
});
