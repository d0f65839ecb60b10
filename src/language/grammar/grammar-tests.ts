// The grammar of `test` items: what is given, sent, replied and expected.
import { ActionGrammar } from "./grammar-actions.ts";
import * as types from "../text/token-types.ts";
import { keyword } from "../text/token-types.ts";

export class TestGrammar extends ActionGrammar {
  readonly plainName = this.RULE("plainName", () => {
    this.OR([{ ALT: () => this.CONSUME(types.WORD) }, { ALT: () => this.CONSUME(types.STRING) }]);
  });

  readonly onServer = this.RULE("onServer", () => {
    this.CONSUME(keyword("on"));
    this.SUBRULE(this.plainName);
  });

  readonly given = this.RULE("given", () => {
    this.CONSUME(keyword("given"));
    this.OR([
      { ALT: () => this.SUBRULE(this.givenPrincipal) },
      { ALT: () => this.SUBRULE(this.givenNow) },
      { ALT: () => this.SUBRULE(this.givenHuman) },
      { ALT: () => this.SUBRULE(this.givenThing) },
      { ALT: () => this.SUBRULE(this.givenCall) },
    ]);
  });

  readonly givenPrincipal = this.RULE("givenPrincipal", () => {
    this.SUBRULE(this.principal);
    this.SUBRULE(this.value);
  });

  readonly givenNow = this.RULE("givenNow", () => {
    this.CONSUME(keyword("now"));
    this.CONSUME(types.STRING);
  });

  readonly givenHuman = this.RULE("givenHuman", () => {
    this.CONSUME(keyword("human"));
    this.OR([{ ALT: () => this.CONSUME(keyword("approves")) }, { ALT: () => this.CONSUME(keyword("declines")) }]);
  });

  readonly givenThing = this.RULE("givenThing", () => {
    this.SUBRULE(this.thing);
    this.SUBRULE(this.plainName);
    this.CONSUME(types.JSON_VALUE);
    this.OPTION(() => this.SUBRULE(this.onServer));
  });

  readonly givenCall = this.RULE("givenCall", () => {
    this.CONSUME(keyword("call"));
    this.CONSUME(types.NAME);
    this.OR([
      {
        ALT: () => {
          this.CONSUME(keyword("returns"));
          this.SUBRULE(this.value);
        },
      },
      { ALT: () => this.CONSUME(keyword("fails")) },
    ]);
  });

  readonly send = this.RULE("send", () => {
    this.OR([{ ALT: () => this.CONSUME(keyword("send")) }, { ALT: () => this.CONSUME(keyword("push")) }]);
    this.CONSUME(types.METHOD);
    this.OPTION(() => this.SUBRULE(this.plainName));
    this.OPTION2(() => this.CONSUME(types.JSON_VALUE));
    this.OPTION3(() => this.SUBRULE(this.onServer));
    this.OPTION4(() => {
      this.CONSUME(types.NUMBER);
      this.CONSUME(keyword("times"));
    });
  });

  readonly replyStep = this.RULE("replyStep", () => {
    this.CONSUME(keyword("reply"));
    this.OR([
      { ALT: () => this.CONSUME(types.JSON_VALUE) },
      {
        ALT: () => {
          this.CONSUME(keyword("error"));
          this.CONSUME(types.NUMBER);
          this.OPTION(() => this.CONSUME(types.STRING));
        },
      },
    ]);
  });

  readonly expect = this.RULE("expect", () => {
    this.CONSUME(keyword("expect"));
    this.OR([
      { ALT: () => this.SUBRULE(this.expectField) },
      { ALT: () => this.SUBRULE(this.withoutClause) },
      { ALT: () => this.CONSUME(types.EXPR) },
      { ALT: () => this.SUBRULE(this.expectVerdict) },
      { ALT: () => this.SUBRULE(this.expectListing) },
      { ALT: () => this.SUBRULE(this.expectTrace) },
    ]);
  });

  readonly expectField = this.RULE("expectField", () => {
    this.CONSUME(types.EPATH);
    this.OPTION(() => this.SUBRULE(this.conditionTest));
  });

  readonly expectVerdict = this.RULE("expectVerdict", () => {
    this.OR([
      { ALT: () => this.CONSUME(keyword("allow")) },
      { ALT: () => this.CONSUME(keyword("block")) },
      { ALT: () => this.CONSUME(keyword("ask")) },
      { ALT: () => this.CONSUME(keyword("answer")) },
    ]);
    this.OPTION(() => {
      this.CONSUME(keyword("by"));
      this.OR2([{ ALT: () => this.CONSUME(types.ID) }, { ALT: () => this.CONSUME(keyword("default")) }]);
    });
  });

  readonly expectListing = this.RULE("expectListing", () => {
    this.OR([{ ALT: () => this.CONSUME(keyword("listed")) }, { ALT: () => this.CONSUME(keyword("hidden")) }]);
    this.SUBRULE(this.thing);
    this.SUBRULE(this.plainName);
    this.OPTION(() => this.SUBRULE(this.onServer));
  });

  readonly expectTrace = this.RULE("expectTrace", () => {
    this.OR([{ ALT: () => this.CONSUME(keyword("tag")) }, { ALT: () => this.CONSUME(keyword("log")) }]);
    this.CONSUME(types.NAME);
  });

  readonly step = this.RULE("step", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.given) },
      { ALT: () => this.SUBRULE(this.send) },
      { ALT: () => this.SUBRULE(this.replyStep) },
      { ALT: () => this.SUBRULE(this.expect) },
    ]);
  });
}
