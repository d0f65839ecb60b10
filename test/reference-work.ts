// A piece of work that never changes: how long something takes is told as a multiple of it, whatever machine it is and whatever else runs there.

/** Processor time that it takes now, in milliseconds; alone on a core of 2.5 GHz, 200. */
export function referenceMs(): number {
  const before = process.cpuUsage();
  const rules = Array.from({ length: 2000 }, (_, index) => ({ name: `rule-${index}`, words: ["a", "b", `${index}`] }));
  const text = JSON.stringify(rules);
  for (let round = 0; round < 100; round += 1) {
    (JSON.parse(text) as typeof rules).sort((a, b) => (a.name < b.name ? 1 : -1));
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
