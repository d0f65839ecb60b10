// The whole grammar: a file and its items. Tokens → concrete syntax tree, or the first token that does not fit.
import type { CstNode, IRecognitionException } from "chevrotain";
import { TestGrammar } from "./grammar-tests.ts";
import type { Token } from "../text/lexer.ts";
import * as types from "../text/token-types.ts";
import { keyword } from "../text/token-types.ts";

export class PolicyParser extends TestGrammar {
  readonly let = this.RULE("let", () => {
    this.CONSUME(keyword("let"));
    this.CONSUME(types.NAME);
    this.CONSUME(types.EQUALS);
    this.OR([
      { ALT: () => this.SUBRULE(this.pattern) },
      { ALT: () => this.CONSUME(types.DURATION) },
      { ALT: () => this.CONSUME(types.JSON_VALUE) },
      { ALT: () => this.CONSUME(types.EXPR) },
    ]);
  });

  readonly default = this.RULE("default", () => {
    this.CONSUME(keyword("default"));
    this.OR([
      { ALT: () => this.CONSUME(keyword("allow")) },
      {
        ALT: () => {
          this.CONSUME(keyword("block"));
          this.OPTION(() => this.CONSUME(types.STRING));
        },
      },
    ]);
    this.OPTION2(() => this.SUBRULE(this.whenHead));
  });

  readonly annotation = this.RULE("annotation", () => {
    this.CONSUME(types.ANNOTATION);
    this.OPTION(() => this.SUBRULE(this.literal));
  });

  readonly setting = this.RULE("setting", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(keyword("in"));
          this.OR2([
            { ALT: () => this.CONSUME(keyword("shadow")) },
            {
              ALT: () => {
                this.CONSUME(keyword("canary"));
                this.CONSUME(types.PERCENT);
              },
            },
          ]);
        },
      },
      {
        ALT: () => {
          this.CONSUME(keyword("fails"));
          this.OR3([{ ALT: () => this.CONSUME(keyword("open")) }, { ALT: () => this.CONSUME(keyword("closed")) }]);
        },
      },
    ]);
  });

  /** What follows the targets of a rule. */
  readonly ruleTail = this.RULE("ruleTail", () => {
    this.SUBRULE(this.guards);
    this.AT_LEAST_ONE(() => this.SUBRULE(this.action));
  });

  readonly ruleBody = this.RULE("ruleBody", () => {
    this.CONSUME(keyword("when"));
    this.SUBRULE(this.targets);
    this.SUBRULE(this.ruleTail);
  });

  readonly rule = this.RULE("rule", () => {
    this.MANY(() => this.SUBRULE(this.annotation));
    this.CONSUME(keyword("rule"));
    this.CONSUME(types.ID);
    this.OPTION(() => this.CONSUME(types.STRING));
    this.MANY2(() => this.SUBRULE(this.setting));
    this.SUBRULE(this.ruleBody);
  });

  readonly exception = this.RULE("exception", () => {
    this.CONSUME(keyword("exception"));
    this.CONSUME(types.ID);
    this.CONSUME(keyword("to"));
    this.AT_LEAST_ONE_SEP({ SEP: types.COMMA, DEF: () => this.CONSUME2(types.ID) });
    this.CONSUME(keyword("until"));
    this.CONSUME(types.STRING);
    this.OPTION(() => this.CONSUME2(types.STRING));
    this.OR([{ ALT: () => this.SUBRULE(this.whenHead) }, { ALT: () => this.SUBRULE(this.exceptionClauses) }]);
  });

  readonly exceptionClauses = this.RULE("exceptionClauses", () => {
    this.AT_LEAST_ONE(() => this.SUBRULE(this.clause));
  });

  readonly testBody = this.RULE("testBody", () => {
    this.AT_LEAST_ONE(() => this.SUBRULE(this.step));
  });

  readonly testItem = this.RULE("testItem", () => {
    this.CONSUME(keyword("test"));
    this.CONSUME(types.STRING);
    this.SUBRULE(this.testBody);
  });

  readonly item = this.RULE("item", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.let) },
      { ALT: () => this.SUBRULE(this.default) },
      { ALT: () => this.SUBRULE(this.rule) },
      { ALT: () => this.SUBRULE(this.exception) },
      { ALT: () => this.SUBRULE(this.testItem) },
    ]);
  });

  readonly items = this.RULE("items", () => {
    this.MANY(() => this.SUBRULE(this.item));
  });

  readonly file = this.RULE("file", () => {
    this.CONSUME(keyword("mcprules"));
    this.CONSUME(types.INT);
    this.SUBRULE(this.items);
  });

  constructor(isValidated = false) {
    super(isValidated);
    this.performSelfAnalysis();
  }
}

/** Where parsing may begin: a file, some items, or what is left of an item whose beginning is broken. */
export type EntryRule = "file" | "items" | "whenHead" | "guards" | "ruleBody" | "ruleTail" | "testBody";

export type Parsed =
  | { readonly kind: "tree"; readonly tree: CstNode }
  /** `at`: index of the token that does not fit; the number of tokens when they end too early. */
  | { readonly kind: "mistake"; readonly at: number; readonly rules: readonly string[] };

export function parseTokens(tokens: readonly Token[], entry: EntryRule): Parsed {
  parser ??= new PolicyParser();
  parser.input = numbered(tokens);
  const tree = parser[entry]();
  const [error] = parser.errors;
  if (error === undefined) return { kind: "tree", tree };
  return { kind: "mistake", at: indexOf(error, tokens), rules: error.context.ruleStack };
}

/**
 * The kinds of tokens that may follow these, each with the rules it stands in, outermost first. Nothing is said after
 * an item longer than any that a person writes: the search costs much more than parsing.
 */
export function expectedAfter(tokens: readonly Token[], entry: EntryRule): readonly Expectation[] {
  if (tokens.length > LONGEST_ITEM) return [];
  parser ??= new PolicyParser();
  return parser
    .computeContentAssist(entry, numbered(tokens))
    .map((path) => ({ type: path.nextTokenType.name, rules: path.ruleStack }));
}

const LONGEST_ITEM = 5_000;

export interface Expectation {
  readonly type: string;
  readonly rules: readonly string[];
}

/** Building it costs some milliseconds, which a program that reads no policy does not pay. */
let parser: PolicyParser | undefined;

/** The parser numbers the types of tokens when it is built, which may be after these were read. */
function numbered(tokens: readonly Token[]): Token[] {
  for (const token of tokens) token.tokenTypeIdx = token.tokenType.tokenTypeIdx ?? 0;
  return [...tokens];
}

function indexOf(error: IRecognitionException, tokens: readonly Token[]): number {
  const at = tokens.findIndex((token) => token === error.token);
  return at === -1 ? tokens.length : at;
}
