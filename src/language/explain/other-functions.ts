// Functions that people try in expressions because other languages have them, and what JSONata has instead.

const OTHER_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ["startswith", '`$contains(text, /^start/)`, or as a condition `with PATH "start**"`'],
  ["endswith", '`$contains(text, /end$/)`, or as a condition `with PATH "**end"`'],
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
  if (/unknown operator: `!`/.test(message)) return "write `$not(…)`: `($not($exists(limit)))`";
  if (/, got `not`/.test(message)) return 'write `$not(…)`: `($not(kind in ["a", "b"]))`';
  if (/(?:before `[&|=]`|got `[&|]`)/.test(message))
    return 'JSONata says `and`, `or` and `=`: `(limit > 5 and kind = "x")`';
  const [, called, method = called] =
    /^(?:there is no function `\$(\w+)`|`(\w+)` is a field, and no field is a function)/.exec(message) ?? [];
  const instead = OTHER_FUNCTIONS.get(method?.replaceAll("_", "").toLowerCase() ?? "");
  return instead === undefined ? undefined : `write ${instead}`;
}
