// Words that people try because other languages have them, and the word for it here.

const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ["deny", "block"],
  ["reject", "block"],
  ["refuse", "block"],
  ["forbid", "block"],
  ["hide", "block"],
  ["permit", "allow"],
  ["accept", "allow"],
  ["grant", "allow"],
  ["if", "when"],
  ["match", "when"],
  ["unless", "except"],
  ["but", "except"],
  ["contains", "containing"],
  ["includes", "containing"],
  ["delete", "remove"],
  ["drop", "block"],
  ["mask", "redact"],
  ["replace", "rewrite"],
  ["change", "rewrite"],
  ["append", "add"],
  ["var", "let"],
  ["const", "let"],
  ["define", "let"],
  ["policy", "rule"],
  ["confirm", "ask"],
  ["respond", "answer"],
  ["return", "answer"],
  ["throttle", "limit"],
  ["assert", "expect"],
  ["alias", "rename"],
  ["inject", "supply"],
  ["server", "on"],
  ["having", "with"],
  ["as", "to"],
  ["warning", "warn"],
  ["dry_run", "shadow"],
]);

export function otherWordFor(word: string): string | undefined {
  return OTHER_WORDS.get(word.toLowerCase());
}
