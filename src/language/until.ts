// Points in time that a policy writes down: days and instants, as milliseconds since 1970.

/** `2026-12-01`: the first instant of that day, UTC. `undefined`: no such day. */
export function untilOf(text: string): number | undefined {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? instant(`${text}T00:00:00Z`, text) : undefined;
}

/** `2026-12-01T12:30:00Z`, also without seconds or with an offset; a day alone is its first instant, UTC. */
export function nowOf(text: string): number | undefined {
  const found = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/.exec(text);
  return found === null ? untilOf(text) : instant(text, found[1] ?? "");
}

/** `Date` turns 30 February into 2 March; such a day does not exist. */
function instant(text: string, day: string): number | undefined {
  const at = Date.parse(text);
  const midnight = new Date(`${day}T00:00:00Z`);
  const exists = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
  return exists && !Number.isNaN(at) ? at : undefined;
}
