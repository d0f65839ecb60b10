// Which of those in line go together in the next request: the same two languages, and no more than it takes.
import type { Job } from "./job.ts";
import type { PackLimits } from "./provider.ts";

/** At least one, however large. */
export function nextPack(
  line: readonly Job[],
  limits: PackLimits,
): { readonly pack: readonly Job[]; readonly rest: readonly Job[] } {
  const [first] = line;
  const pack: Job[] = [];
  const others: Job[] = [];
  let bytes = 0;
  for (const [index, job] of line.entries()) {
    const isAlike = job.source === first?.source && job.target === first.target;
    if (isAlike && pack.length > 0 && (pack.length >= limits.texts || bytes + job.bytes > limits.bytes)) {
      return { pack, rest: [...others, ...line.slice(index)] };
    }
    if (isAlike) pack.push(job);
    else others.push(job);
    bytes += isAlike ? job.bytes : 0;
  }
  return { pack, rest: others };
}
