// Catalogues over time: new texts, changed ones, those that went and came back, and nothing else.
import { describe, expect, test } from "vitest";
import {
  catalogueText,
  emptyCatalogue,
  entriesIn,
  fillEntry,
  mergeCatalogue,
  parseCatalogue,
  type SourceEntry,
} from "../../../src/io/translators/po-file.ts";

function table(text: string) {
  const parsed = parseCatalogue(text);
  if (parsed.kind === "broken") throw new Error(parsed.reason);
  return parsed.table;
}

function entry(place: string, text: string): SourceEntry {
  return { context: `s|tool|${place}|/title`, text, about: `title of tool ${place}`, reference: `s:${place}` };
}

/** What stands after the header. */
function merged(
  before: string,
  entries: readonly SourceEntry[],
  isAsked: (context: string) => boolean = () => true,
): string {
  return bodyOf(catalogueText(mergeCatalogue(table(before), entries, isAsked)));
}

function bodyOf(text: string): string {
  const end = text.indexOf("\n\n");
  return end === -1 ? "" : text.slice(end + 2);
}

const HEADER = 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n';
const ONE = `${HEADER}
#: s:a
#. title of tool a
msgctxt "s|tool|a|/title"
msgid "Search"
msgstr "Chercher"
`;

describe("merging", () => {
  test("the same again changes nothing, not a byte", () => {
    expect(catalogueText(mergeCatalogue(table(ONE), [entry("a", "Search")], () => true))).toBe(ONE);
  });

  test("what is new is empty, and stands by its context", () =>
    expect(merged(ONE, [entry("b", "Read"), entry("a", "Search"), entry("B", "Write")])).toBe(
      `#: s:B
#. title of tool B
msgctxt "s|tool|B|/title"
msgid "Write"
msgstr ""

#: s:a
#. title of tool a
msgctxt "s|tool|a|/title"
msgid "Search"
msgstr "Chercher"

#: s:b
#. title of tool b
msgctxt "s|tool|b|/title"
msgid "Read"
msgstr ""
`,
    ));

  test("what has changed keeps its translation, as fuzzy, and says what it was", () =>
    expect(merged(ONE, [entry("a", "Search\n“all”")])).toBe(
      `#: s:a
#. title of tool a
#, fuzzy
#| msgid "Search"
msgctxt "s|tool|a|/title"
msgid ""
"Search\\n"
"“all”"
msgstr "Chercher"
`,
    ));

  test("what is gone is kept as obsolete, and comes back", () => {
    const gone = merged(ONE, []);
    expect(gone).toBe('#~ msgctxt "s|tool|a|/title"\n#~ msgid "Search"\n#~ msgstr "Chercher"\n');
    expect(merged(`${HEADER}\n${gone}`, [entry("a", "Search")])).toBe(bodyOf(ONE));
  });

  test("what is gone and was never translated leaves no trace", () =>
    expect(merged(ONE.replace("Chercher", ""), [])).toBe(""));

  test("what nobody looked for stays as it is", () => expect(merged(ONE, [], () => false)).toBe(bodyOf(ONE)));

  test("what people write besides stays: comments, flags, texts for anywhere", () => {
    const byHand = `# our translators\n${HEADER}
# a thesaurus helps
#: s:a
#. title of tool a
#, no-wrap
msgctxt "s|tool|a|/title"
msgid "Search"
msgstr "Chercher"
`;
    const after = catalogueText(mergeCatalogue(table(byHand), [entry("a", "Search")], () => true));
    expect(after).toBe(byHand);
    const anywhere = `${HEADER}\nmsgid "Search"\nmsgstr "Recherche"\n`;
    expect(merged(anywhere, [], (context) => context !== "")).toBe(bodyOf(anywhere));
  });
});

describe("filling", () => {
  test("says which machine it was, and leaves alone what somebody has said", () => {
    const catalogue = mergeCatalogue(table(ONE), [entry("a", "Search"), entry("b", "Read")], () => true);
    fillEntry(catalogue, entry("a", "Search"), "Trouver", "deepl");
    fillEntry(catalogue, entry("b", "Read"), "Lire", "deepl");
    fillEntry(catalogue, entry("c", "Nobody"), "Personne", "deepl");
    expect(bodyOf(catalogueText(catalogue))).toContain('msgstr "Chercher"');
    expect(bodyOf(catalogueText(catalogue))).toContain(
      '# machine: deepl\n#: s:b\n#. title of tool b\nmsgctxt "s|tool|b|/title"\nmsgid "Read"\nmsgstr "Lire"\n',
    );
  });
});

test("entries are read as they are written", () => {
  const fuzzy = ONE.replace("msgctxt", '#, no-wrap, fuzzy\n#| msgid "Find"\nmsgctxt');
  expect(entriesIn(table(fuzzy))).toEqual([{ ...entry("a", "Search"), translation: "Chercher", isFuzzy: true }]);
  expect(entriesIn(emptyCatalogue("fr"))).toEqual([]);
});

test("a catalogue has no date, so that a second run changes nothing", () => {
  expect(catalogueText(mergeCatalogue(emptyCatalogue("fr"), [], () => true))).not.toMatch(/\d{4}|Date/);
});
