// A path that names what is in a list without going into the list: with `[*]`, as it is meant.

/**
 * `content.text` → `content[*].text`; `undefined`: there is no list to go into. `isList`: of a path from the same start. What is
 * certain to be a list is written as one, though a name is asked of its elements either way: who reads the rule sees it.
 */
export function throughLists(path: string, isList: (entered: string) => boolean): string | undefined {
  if (path.includes('"')) return undefined;
  const [first = "", ...rest] = path.split(".");
  const entered = rest.reduce((way, key) => (isList(way) ? `${way}[*].${key}` : `${way}.${key}`), first);
  return entered === path ? undefined : entered;
}

export function helpForList(entered: string): string {
  return `what is in a list stands behind brackets: \`${entered}\``;
}
