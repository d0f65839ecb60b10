// The grammar's leaves: patterns, values, conditions and clauses.
import { CstParser, type IParserConfig } from "chevrotain";
import { LazyLookahead } from "./lazy-lookahead.ts";
import * as types from "../text/token-types.ts";
import { keyword } from "../text/token-types.ts";

const LOOKAHEAD = 2;
const CONFIG: IParserConfig = { maxLookahead: LOOKAHEAD, recoveryEnabled: false, nodeLocationTracking: "onlyOffset" };

/** Rules are properties that chevrotain's constructor has to see in this order; the last class of the chain is the parser. */
export class ValueGrammar extends CstParser {
  constructor(isValidated: boolean) {
    super(types.allTokenTypes(), {
      ...CONFIG,
      lookaheadStrategy: new LazyLookahead(LOOKAHEAD),
      skipValidations: !isValidated,
    });
  }

  readonly pat = this.RULE("pat", () => {
    this.OR([
      { ALT: () => this.CONSUME(types.WORD) },
      { ALT: () => this.CONSUME(types.STRING) },
      { ALT: () => this.CONSUME(types.REGEX) },
      { ALT: () => this.CONSUME(types.VAR) },
      { ALT: () => this.CONSUME(types.NUMBER) },
      { ALT: () => this.CONSUME(keyword("true")) },
      { ALT: () => this.CONSUME(keyword("false")) },
      { ALT: () => this.CONSUME(keyword("null")) },
    ]);
  });

  readonly pattern = this.RULE("pattern", () => {
    this.AT_LEAST_ONE_SEP({ SEP: types.BAR, DEF: () => this.SUBRULE(this.pat) });
  });

  readonly literal = this.RULE("literal", () => {
    this.OR([
      { ALT: () => this.CONSUME(types.STRING) },
      { ALT: () => this.CONSUME(types.NUMBER) },
      { ALT: () => this.CONSUME(types.DURATION) },
      { ALT: () => this.CONSUME(types.JSON_VALUE) },
      { ALT: () => this.CONSUME(keyword("true")) },
      { ALT: () => this.CONSUME(keyword("false")) },
      { ALT: () => this.CONSUME(keyword("null")) },
    ]);
  });

  readonly value = this.RULE("value", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.literal) },
      { ALT: () => this.CONSUME(types.EXPR) },
      { ALT: () => this.CONSUME(types.VAR) },
      { ALT: () => this.CONSUME(types.VPATH) },
    ]);
  });

  readonly principal = this.RULE("principal", () => {
    this.OR([
      { ALT: () => this.CONSUME(keyword("client")) },
      { ALT: () => this.CONSUME(keyword("user")) },
      { ALT: () => this.CONSUME(keyword("group")) },
      { ALT: () => this.CONSUME(keyword("profile")) },
    ]);
  });

  readonly conditionTest = this.RULE("conditionTest", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(types.COMPARE);
          this.SUBRULE(this.value);
        },
      },
      { ALT: () => this.SUBRULE(this.pattern) },
    ]);
  });

  readonly condition = this.RULE("condition", () => {
    this.CONSUME(types.PATH);
    this.MANY(() => {
      this.CONSUME(keyword("or"));
      this.CONSUME2(types.PATH);
    });
    this.OPTION(() => this.SUBRULE(this.conditionTest));
  });
}
