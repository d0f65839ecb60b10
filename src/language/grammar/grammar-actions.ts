// The grammar of actions: verdicts, transforms and observations.
import { HeadGrammar } from "./grammar-heads.ts";
import * as types from "../text/token-types.ts";
import { keyword } from "../text/token-types.ts";

export class ActionGrammar extends HeadGrammar {
  readonly block = this.RULE("block", () => {
    this.CONSUME(keyword("block"));
    this.OPTION(() => this.CONSUME(types.STRING));
    this.OPTION2(() => {
      this.CONSUME(keyword("as"));
      this.CONSUME(keyword("error"));
    });
  });

  readonly ask = this.RULE("ask", () => {
    this.CONSUME(keyword("ask"));
    this.OPTION(() => this.CONSUME(types.STRING));
    this.OPTION2(() => {
      this.CONSUME(keyword("within"));
      this.CONSUME(types.DURATION);
    });
    this.OPTION3(() => {
      this.CONSUME(keyword("via"));
      this.CONSUME(types.NAME);
    });
  });

  readonly answer = this.RULE("answer", () => {
    this.CONSUME(keyword("answer"));
    this.SUBRULE(this.value);
  });

  /** Who shares a counter or a tag. */
  readonly sharer = this.RULE("sharer", () => {
    this.OR([{ ALT: () => this.SUBRULE(this.principal) }, { ALT: () => this.CONSUME(types.EXPR) }]);
  });

  readonly limit = this.RULE("limit", () => {
    this.CONSUME(keyword("limit"));
    this.CONSUME(types.NUMBER);
    this.OPTION(() => {
      this.CONSUME(keyword("of"));
      this.CONSUME(types.PATH);
    });
    this.CONSUME(keyword("per"));
    this.CONSUME(types.DURATION);
    this.OPTION2(() => {
      this.CONSUME(keyword("by"));
      this.SUBRULE(this.sharer);
    });
    this.OPTION3(() => {
      this.CONSUME(keyword("else"));
      this.OR([
        { ALT: () => this.SUBRULE(this.block) },
        { ALT: () => this.SUBRULE(this.ask) },
        { ALT: () => this.SUBRULE(this.answer) },
      ]);
    });
  });

  readonly rename = this.RULE("rename", () => {
    this.CONSUME(keyword("rename"));
    this.CONSUME(keyword("to"));
    this.SUBRULE(this.pat);
  });

  readonly supply = this.RULE("supply", () => {
    this.CONSUME(keyword("supply"));
    this.CONSUME(types.PATH);
    this.CONSUME(types.EQUALS);
    this.SUBRULE(this.value);
  });

  readonly rewrite = this.RULE("rewrite", () => {
    this.CONSUME(keyword("rewrite"));
    this.CONSUME(types.PATH);
    this.CONSUME(types.EXPR);
  });

  readonly set = this.RULE("set", () => {
    this.CONSUME(keyword("set"));
    this.CONSUME(types.PATH);
    this.CONSUME(types.EQUALS);
    this.SUBRULE(this.value);
  });

  readonly paths = this.RULE("paths", () => {
    this.AT_LEAST_ONE_SEP({ SEP: types.COMMA, DEF: () => this.CONSUME(types.PATH) });
  });

  readonly remove = this.RULE("remove", () => {
    this.CONSUME(keyword("remove"));
    this.SUBRULE(this.paths);
  });

  readonly add = this.RULE("add", () => {
    this.CONSUME(keyword("add"));
    this.SUBRULE(this.value);
    this.CONSUME(keyword("to"));
    this.CONSUME(types.PATH);
  });

  readonly redact = this.RULE("redact", () => {
    this.CONSUME(keyword("redact"));
    this.SUBRULE(this.pattern);
    this.OPTION(() => {
      this.CONSUME(keyword("in"));
      this.CONSUME(types.PATH);
    });
    this.OPTION2(() => {
      this.CONSUME(keyword("as"));
      this.CONSUME(types.STRING);
    });
  });

  readonly translate = this.RULE("translate", () => {
    this.CONSUME(keyword("translate"));
    this.OPTION(() => {
      this.CONSUME(keyword("in"));
      this.SUBRULE(this.paths);
    });
    this.CONSUME(keyword("to"));
    this.CONSUME(types.STRING);
    this.OPTION2(() => {
      this.CONSUME(keyword("using"));
      this.CONSUME(types.NAME);
    });
  });

  readonly call = this.RULE("call", () => {
    this.CONSUME(keyword("call"));
    this.CONSUME(types.NAME);
    this.OPTION(() => this.CONSUME(types.JSON_VALUE));
  });

  readonly log = this.RULE("log", () => {
    this.CONSUME(keyword("log"));
    this.OPTION(() => this.CONSUME(types.LEVEL));
    this.OPTION2(() => this.CONSUME(types.PERCENT));
    this.OPTION3(() => {
      this.CONSUME(keyword("to"));
      this.CONSUME(types.NAME);
    });
    this.OPTION4(() => this.OR([{ ALT: () => this.CONSUME(types.STRING) }, { ALT: () => this.CONSUME(types.EXPR) }]));
  });

  readonly tag = this.RULE("tag", () => {
    this.CONSUME(keyword("tag"));
    this.AT_LEAST_ONE_SEP({ SEP: types.COMMA, DEF: () => this.CONSUME(types.NAME) });
    this.OPTION(() => {
      this.CONSUME(keyword("for"));
      this.CONSUME(types.DURATION);
      this.CONSUME(keyword("by"));
      this.SUBRULE(this.sharer);
    });
  });

  readonly cache = this.RULE("cache", () => {
    this.CONSUME(keyword("cache"));
    this.CONSUME(keyword("for"));
    this.CONSUME(types.DURATION);
    this.OPTION(() => {
      this.CONSUME(keyword("by"));
      this.CONSUME(types.EXPR);
    });
  });

  readonly verdict = this.RULE("verdict", () => {
    this.OR([
      { ALT: () => this.CONSUME(keyword("allow")) },
      { ALT: () => this.SUBRULE(this.block) },
      { ALT: () => this.SUBRULE(this.ask) },
      { ALT: () => this.SUBRULE(this.answer) },
      { ALT: () => this.SUBRULE(this.limit) },
    ]);
  });

  readonly transform = this.RULE("transform", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.rename) },
      { ALT: () => this.SUBRULE(this.supply) },
      { ALT: () => this.SUBRULE(this.rewrite) },
      { ALT: () => this.SUBRULE(this.set) },
      { ALT: () => this.SUBRULE(this.remove) },
      { ALT: () => this.SUBRULE(this.add) },
      { ALT: () => this.SUBRULE(this.redact) },
      { ALT: () => this.SUBRULE(this.translate) },
      { ALT: () => this.SUBRULE(this.call) },
    ]);
  });

  readonly observation = this.RULE("observation", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.log) },
      { ALT: () => this.SUBRULE(this.tag) },
      { ALT: () => this.SUBRULE(this.cache) },
    ]);
  });

  readonly action = this.RULE("action", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.verdict) },
      { ALT: () => this.SUBRULE(this.transform) },
      { ALT: () => this.SUBRULE(this.observation) },
    ]);
  });
}
