// The rules of a policy that write tags which outlive their call.
import type { CompiledPolicy, Sharer } from "../../language/compiled-policy.ts";

export interface LastingWriter {
  readonly names: readonly string[];
  readonly forMs: number;
  readonly by: Sharer;
}

export function lastingWriters({ rules }: CompiledPolicy): readonly LastingWriter[] {
  return rules.flatMap(({ observations }) =>
    observations.flatMap((observation) =>
      observation.kind === "tag" && observation.lasting ? [{ names: observation.names, ...observation.lasting }] : [],
    ),
  );
}
