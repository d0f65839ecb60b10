// Two maps `scenario → ["id:status", …]` side by side: where they differ, and whether that is known to be so.

/**
 * Every difference as `{ scenario, direct, proxied }`: the checks that only one side has, a check a time.
 * A scenario that one side does not have has no checks there.
 */
export function differences(direct, proxied) {
  const names = [...new Set([...Object.keys(direct), ...Object.keys(proxied)])].sort();
  return names
    .map((scenario) => ({
      scenario,
      direct: without(direct[scenario] ?? [], proxied[scenario] ?? []),
      proxied: without(proxied[scenario] ?? [], direct[scenario] ?? []),
    }))
    .filter((found) => found.direct.length > 0 || found.proxied.length > 0);
}

/** What is wrong, a line each: differences that nobody knows of, and known ones that are none any more. */
export function complaints(found, known) {
  const unknown = found.filter((one) => !known.some((entry) => isSame(one, entry)));
  const stale = known.filter((entry) => !found.some((one) => isSame(one, entry)));
  const lines = stale.map(({ scenario, name }) => `${scenario}: "${name}" is no difference any more; take it out`);
  for (const { scenario, direct, proxied } of unknown) {
    const alone = direct.map((check) => `  - direct   ${check}`);
    lines.push(scenario, ...alone, ...proxied.map((check) => `  + proxied  ${check}`));
  }
  return lines;
}

export function countOf(scenarios, status) {
  return Object.values(scenarios)
    .flat()
    .filter((check) => check.endsWith(`:${status}`)).length;
}

function isSame(one, other) {
  const of = ({ scenario, direct, proxied }) => JSON.stringify([scenario, direct, proxied]);
  return of(one) === of(other);
}

/** The checks of `one` that `other` does not have, as often as it has them more. */
function without(one, other) {
  const left = [...other];
  return one.filter((check) => {
    const at = left.indexOf(check);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
