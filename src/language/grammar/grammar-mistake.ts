// Where a text leaves the grammar: its tokens, the one that does not fit, and what might have stood there.
import type { SourceText } from "../../source/source-text.ts";
import type { Token } from "../text/lexer.ts";
import type { Expectation } from "./parser.ts";

export interface GrammarMistake {
  readonly tokens: readonly Token[];
  /** Index of the token that does not fit; the number of tokens when they end too early. */
  readonly at: number;
  readonly expected: readonly Expectation[];
  readonly source: SourceText;
}
