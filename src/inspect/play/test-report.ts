// What came of playing the tests of a policy: values, for people, for CI and for the reload that must refuse.
import type { Place } from "../../language/compiled-value.ts";
import type { JsonObject } from "../../mcp/json.ts";
import type { Span } from "../../source/diagnostic.ts";
import type { Coverage } from "./coverage.ts";
import type { Explanation } from "../explain/explanation.ts";
import type { Difference } from "../diff/json-diff.ts";

export interface TestReport {
  readonly passed: number;
  readonly failed: number;
  /** In file order. */
  readonly tests: readonly TestOutcome[];
  /** When it was asked for. */
  readonly coverage?: Coverage;
}

export interface TestOutcome {
  readonly name: string;
  readonly place: Place;
  /** Empty: it passed. One for each `expect` that does not hold, and one where the test could not go on. */
  readonly failures: readonly TestFailure[];
  /** What holds on weak ground; absent: nothing does. */
  readonly notes?: readonly TestNote[];
}

export interface TestNote {
  /** Of the step that holds. */
  readonly place: Place;
  /** As one would say it after "passed, but". */
  readonly text: string;
}

export interface TestFailure {
  /** Of the step that does not hold. */
  readonly place: Place;
  readonly span: Span;
  /** Both as one would say it after "expected" and "got". */
  readonly expected: string;
  readonly got: string;
  /** How the value that is there differs from the one expected, where two values are compared. */
  readonly differences: readonly Difference[];
  /** The message where it now stands, as the step sees it; absent before the first one. */
  readonly message: JsonObject | undefined;
  readonly explanation: Explanation | undefined;
  /** Rules that hardly miss what this is about, each in words; absent: there is none. */
  readonly near?: readonly string[];
}
