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

/** Some take the context as their first argument if it is left out; with so many arguments it was not. */
export function mayTakeContext(name: string, given: number): boolean {
  return given < (WITHOUT_CONTEXT.get(name) ?? 0);
}

const WITHOUT_CONTEXT: ReadonlyMap<string, number> = new Map([
  ...each(
    1,
    "string lowercase uppercase length trim number formatBase floor ceil round abs sqrt boolean not keys spread",
  ),
  ...each(1, "base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl toMillis clone"),
  ...each(1, "parse tokens"),
  ...each(2, "substringBefore substringAfter contains power lookup each sift formatInteger parseInteger truncate"),
  ...each(3, "substring pad match split formatNumber fromMillis"),
  ...each(4, "replace"),
]);

function each(count: number, names: string): readonly (readonly [string, number])[] {
  return names.split(" ").map((name) => [name, count] as const);
}

function words(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.join(" ").split(" "));
}
