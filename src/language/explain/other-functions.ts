// Functions that people try in expressions because other languages have them, and what JSONata has instead.

const OTHER_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ["startswith", '`$contains(text, /^start/)`, or as a condition `with PATH "start*"`'],
  ["endswith", '`$contains(text, /end$/)`, or as a condition `with PATH "*end"`'],
  ["includes", '`$contains(text, "part")`, of a list `"entry" in list`'],
  ["indexof", '`$contains(text, "part")`'],
  ["test", "`$contains(text, /…/)`"],
  ["matches", "`$contains(text, /…/)`"],
  ["tolowercase", "`$lowercase(text)`"],
  ["lower", "`$lowercase(text)`"],
  ["touppercase", "`$uppercase(text)`"],
  ["upper", "`$uppercase(text)`"],
  ["len", "`$length(text)`, of a list `$count(list)`"],
  ["size", "`$count(list)`, of a text `$length(text)`"],
  ["concat", "`first & second`"],
]);

/** For what is said of a function that there is none of, or of signs that other languages have. */
export function helpForFunction(message: string): string | undefined {
  if (/before `[&|=]`/.test(message)) return 'JSONata says `and`, `or` and `=`: `(limit > 5 and kind = "x")`';
  const name = /^there is no function `\$(\w+)`/.exec(message)?.[1];
  const instead = OTHER_FUNCTIONS.get(name?.replaceAll("_", "").toLowerCase() ?? "");
  return instead === undefined ? undefined : `write ${instead}`;
}
