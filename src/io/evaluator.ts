// The evaluator of expressions, started when the first one is met that needs it: most policies have none.
import type { Evaluator } from "./answer-needs.ts";

export function lazyEvaluator(start: () => Promise<Evaluator>): Evaluator {
  let started: Promise<Evaluator> | undefined;
  return {
    evaluate: async (evaluation) => {
      started ??= start();
      try {
        return await (await started).evaluate(evaluation);
      } catch (error) {
        return { kind: "failed", reason: `no expression can be evaluated: ${String(error)}` };
      }
    },
    close: async () => {
      if (started !== undefined) await (await started).close();
    },
  };
}
