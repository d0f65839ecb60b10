// `not x`, `!x`, `!= x` in the place of a pattern: what takes out what is not meant.

/**
 * `before`: all that stands before the negation; `pattern`: what is negated, as it is written. Beside other patterns
 * (`a_* | !a_b`) those stay as they are.
 */
export function takenOut(before: string, pattern: string): string {
  const found = HEAD.exec(before);
  const [, except, head = "", others = ""] = found ?? [];
  if (/\bexcept\b/.test(before.slice(0, found?.index))) return helpForClause("", pattern);
  const words = head.split(/\s+/);
  const [first = ""] = words;
  if (except !== undefined) return `\`except\` negates already: write \`${words.join(" ")} ${pattern}\` alone`;
  const field = NAME_FIELDS[first];
  if (field === undefined) return helpForClause(words.join(" "), pattern);
  const form = `except with ${field} ${pattern}`;
  return others === ""
    ? `write \`${first} *\`, and behind the other clauses \`${form}\``
    : `write \`${form}\` behind the other clauses`;
}

/** The last clause or target that is open, without the patterns it has. */
const HEAD =
  /(except\s+)?\b(tool|prompt|resource|tools\/call|prompts\/get|resources\/read|on|for\s+(?:client|user|group|profile)|containing|(?:with|and|or|expect)\s+[A-Za-z_][\w.[\]*-]*)\s+((?:(?:"[^"\r\n]*"|[^\s|"]+)\s*\|\s*)*)$/;

const NAME_FIELDS: Readonly<Record<string, string>> = {
  tool: "name",
  prompt: "name",
  resource: "uri",
  "tools/call": "params.name",
  "prompts/get": "params.name",
  "resources/read": "params.uri",
};

function helpForClause(clause: string, pattern: string): string {
  const field = /^(?:with|and|or) (.+)$/.exec(clause)?.[1];
  if (field !== undefined) return `write \`except with ${field} ${pattern}\``;
  const expected = /^expect (.+)$/.exec(clause)?.[1];
  if (expected !== undefined) return notExpected(expected, pattern);
  if (clause === "") return "what is not meant is taken out by a clause such as `except with …`, behind the others";
  return `write \`except ${clause} ${pattern}\``;
}

/** What a field of a test is not: a comparison takes one text or number. */
export function notExpected(field: string, pattern: string): string {
  if (/^(?:"[^"*]*"|-?[0-9.]+|true|false|null)$/.test(pattern)) return `write \`expect ${field} != ${pattern}\``;
  if (/^[A-Za-z_][\w-]*$/.test(pattern)) return `write \`expect ${field} != "${pattern}"\``;
  return "what a field is not, an expression says: `expect ($not(…))`";
}
