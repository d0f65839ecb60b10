// The functions a policy's JSONata may call: the package's own, and ours.

/** What package jsonata 2.2 binds, but for what is refused; then `$parse`, `$tokens`, `$truncate`, `$local`. */
export const FUNCTION_NAMES: ReadonlySet<string> = words(
  "sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match",
  "contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power",
  "boolean not map zip filter single reduce sift keys lookup append exists spread merge reverse each error assert type",
  "sort distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl toMillis fromMillis",
  "clone now millis parse tokens truncate local",
);

/** Why not; each is a reason one can read after "`$eval` is refused: ". */
export const REFUSED_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ["eval", "what it would run is written by whoever sends the message"],
  ["random", "a policy says the same of the same message"],
  ["shuffle", "a policy says the same of the same message"],
]);

export const CLOCK_FUNCTIONS: ReadonlySet<string> = words("now millis local");

/** With an argument too few, these take the context as their first one. */
export const MAY_TAKE_CONTEXT: ReadonlySet<string> = words(
  "string substring substringBefore substringAfter lowercase uppercase length trim pad match contains replace split",
  "formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power boolean not sift keys lookup",
  "spread each base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl toMillis fromMillis",
  "clone parse tokens truncate",
);

function words(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.join(" ").split(" "));
}
