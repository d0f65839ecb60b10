// A log that writes nothing, and keeps what a test looks at.
import type { DecisionLog } from "../../src/io/log/decision-log.ts";

export interface Kept {
  readonly records?: object[];
  readonly reports?: string[];
}

export function quietLog({ records, reports }: Kept = {}): DecisionLog {
  return {
    record: (record) => void records?.push(record),
    line: () => undefined,
    report: (_level, text) => void reports?.push(text),
    serverSaid: () => undefined,
    close: () => Promise.resolve(),
  };
}
