// The grammar of heads: which messages and things a rule is about, and under which conditions.
import { ValueGrammar } from "./grammar-values.ts";
import * as types from "../text/token-types.ts";
import { keyword } from "../text/token-types.ts";

export class HeadGrammar extends ValueGrammar {
  readonly thing = this.RULE("thing", () => {
    this.OR([
      { ALT: () => this.CONSUME(keyword("tool")) },
      { ALT: () => this.CONSUME(keyword("prompt")) },
      { ALT: () => this.CONSUME(keyword("resource")) },
    ]);
  });

  readonly replyKind = this.RULE("replyKind", () => {
    this.OR([
      { ALT: () => this.CONSUME(keyword("result")) },
      { ALT: () => this.CONSUME(keyword("error")) },
      { ALT: () => this.CONSUME(keyword("reply")) },
      { ALT: () => this.CONSUME(keyword("failure")) },
    ]);
  });

  readonly methodTarget = this.RULE("methodTarget", () => {
    this.OPTION(() => {
      this.SUBRULE(this.replyKind);
      this.CONSUME(keyword("of"));
    });
    this.CONSUME(types.METHOD);
    this.OPTION2(() => this.SUBRULE(this.pattern));
  });

  readonly target = this.RULE("target", () => {
    this.OR([
      {
        ALT: () => {
          this.SUBRULE(this.thing);
          this.SUBRULE(this.pattern);
        },
      },
      { ALT: () => this.SUBRULE(this.methodTarget) },
      { ALT: () => this.CONSUME(keyword("message")) },
      { ALT: () => this.CONSUME(keyword("request")) },
      { ALT: () => this.CONSUME(keyword("notification")) },
      { ALT: () => this.SUBRULE2(this.replyKind) },
    ]);
  });

  readonly targets = this.RULE("targets", () => {
    this.AT_LEAST_ONE_SEP({ SEP: keyword("or"), DEF: () => this.SUBRULE(this.target) });
  });

  readonly clause = this.RULE("clause", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.onClause) },
      { ALT: () => this.SUBRULE(this.forClause) },
      { ALT: () => this.SUBRULE(this.fromClause) },
      { ALT: () => this.SUBRULE(this.withClause) },
      { ALT: () => this.SUBRULE(this.withoutClause) },
      { ALT: () => this.SUBRULE(this.containingClause) },
      { ALT: () => this.SUBRULE(this.whereClause) },
    ]);
  });

  readonly onClause = this.RULE("onClause", () => {
    this.CONSUME(keyword("on"));
    this.SUBRULE(this.pattern);
  });

  readonly forClause = this.RULE("forClause", () => {
    this.CONSUME(keyword("for"));
    this.SUBRULE(this.principal);
    this.SUBRULE(this.pattern);
  });

  readonly fromClause = this.RULE("fromClause", () => {
    this.CONSUME(keyword("from"));
    this.OR([{ ALT: () => this.CONSUME(keyword("client")) }, { ALT: () => this.CONSUME(keyword("server")) }]);
  });

  readonly withClause = this.RULE("withClause", () => {
    this.CONSUME(keyword("with"));
    this.AT_LEAST_ONE_SEP({ SEP: keyword("and"), DEF: () => this.SUBRULE(this.condition) });
  });

  readonly withoutClause = this.RULE("withoutClause", () => {
    this.CONSUME(keyword("without"));
    this.CONSUME(types.PATH);
  });

  readonly containingClause = this.RULE("containingClause", () => {
    this.CONSUME(keyword("containing"));
    this.SUBRULE(this.pattern);
  });

  readonly whereClause = this.RULE("whereClause", () => {
    this.CONSUME(keyword("where"));
    this.CONSUME(types.EXPR);
  });

  /** All clauses together, and each group of an `except` apart. */
  readonly guards = this.RULE("guards", () => {
    this.MANY(() => this.SUBRULE(this.clause));
    this.MANY2(() => this.SUBRULE(this.exceptGroup));
  });

  readonly exceptGroup = this.RULE("exceptGroup", () => {
    this.CONSUME(keyword("except"));
    this.AT_LEAST_ONE(() => this.SUBRULE(this.clause));
  });

  readonly whenHead = this.RULE("whenHead", () => {
    this.CONSUME(keyword("when"));
    this.SUBRULE(this.targets);
    this.SUBRULE(this.guards);
  });
}
