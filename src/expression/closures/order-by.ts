// `^(…)`: the things a path has led to so far, in the order of what is said of each.
import type { Closure, Compile, NodeOf } from "./closure.ts";
import type { Filter } from "./filters.ts";
import type { Frame, Scope } from "./frame.ts";
import type { Run } from "./function-value.ts";
import { JsonataError } from "./jsonata-error.ts";
import { sorted } from "./sort.ts";

export interface OrderBy {
  readonly terms: readonly Term[];
  readonly order: (things: readonly unknown[], frame: Frame | undefined, run: Run) => unknown;
}

interface Term {
  readonly isDescending: boolean;
  readonly closure: Closure;
}

export function compileOrderBy(
  node: NodeOf<"sort">,
  filters: readonly Filter[],
  scope: Scope | undefined,
  compile: Compile,
): OrderBy {
  const terms = node.terms.map(({ descending, expression }) => ({
    isDescending: descending,
    closure: compile(expression, scope),
  }));
  const order: OrderBy["order"] = (things, frame, run) => {
    let value: unknown = sorted(things, (one, other) => isAfter(terms, one, other, frame, run));
    for (const filter of filters) value = filter(value, frame, run);
    return value;
  };
  return { terms, order };
}

/** By the first term in which they differ; what has none of it comes last. */
function isAfter(terms: readonly Term[], one: unknown, other: unknown, frame: Frame | undefined, run: Run): boolean {
  for (const { closure, isDescending } of terms) {
    const order = compared(closure(one, frame, run), closure(other, frame, run), isDescending);
    if (order !== 0) return order > 0;
  }
  return false;
}

function compared(one: unknown, other: unknown, isDescending: boolean): number {
  if (one === undefined) return other === undefined ? 0 : 1;
  if (other === undefined) return -1;
  if (!isSortable(one) || !isSortable(other)) throw new JsonataError("T2008");
  if (typeof one !== typeof other) throw new JsonataError("T2007");
  if (one === other) return 0;
  return one < other !== isDescending ? -1 : 1;
}

function isSortable(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}
