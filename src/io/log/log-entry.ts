// Something that is logged, before it becomes a line: a decision, a message, what a rule says, a report, what a server wrote.
import type { LogLine } from "../../engine/decision.ts";
import type { DecisionRecord } from "../../engine/decision-record.ts";
import type { LoggedMessage } from "../../engine/telling/logged-message.ts";
import type { LogLevel } from "../../language/compiled-policy.ts";

export type ReportLevel = "info" | "warn" | "error";

export type LogEntry =
  | { readonly kind: "decision"; readonly level: LogLevel; readonly record: DecisionRecord }
  | {
      readonly kind: "message";
      readonly level: LogLevel;
      readonly record: DecisionRecord;
      readonly message: LoggedMessage;
      /** False: it is longer than is asked for, so what it holds is left out. */
      readonly isWhole: boolean;
    }
  | { readonly kind: "log"; readonly level: LogLevel; readonly line: LogLine }
  | { readonly kind: "report"; readonly level: ReportLevel; readonly text: string; readonly server: string | undefined }
  | { readonly kind: "stderr"; readonly level: "info"; readonly text: string; readonly server: string };
