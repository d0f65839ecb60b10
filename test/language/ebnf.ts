// Grammars as one expression in a normal form: read from EBNF, or from the productions of chevrotain's parser.
import type { ISerializedGast } from "chevrotain";

/** No production is recursive, so that a whole grammar is one expression. */
export type Form =
  | { readonly kind: "token"; readonly name: string }
  | { readonly kind: "sequence"; readonly parts: readonly Form[] }
  | { readonly kind: "choice"; readonly parts: readonly Form[] }
  | { readonly kind: "option"; readonly of: Form }
  | { readonly kind: "repetition"; readonly of: Form };

/** Two expressions that say the same in the same way have the same text; the order of alternatives does not matter. */
export function textOf(form: Form): string {
  switch (form.kind) {
    case "token":
      return form.name;
    case "sequence":
      return form.parts.map(textOf).join(" ");
    case "choice":
      return `(${[...form.parts].map(textOf).sort().join(" | ")})`;
    case "option":
      return `[${textOf(form.of)}]`;
    case "repetition":
      return `{${textOf(form.of)}}`;
  }
}

export interface Ebnf {
  readonly productions: ReadonlyMap<string, readonly string[]>;
  /** Names of tokens that are described in words. */
  readonly described: ReadonlySet<string>;
}

export function readEbnf(text: string): Ebnf {
  const words = text.replaceAll(/\(\*[\s\S]*?\*\)/g, " ");
  const productions = new Map<string, readonly string[]>();
  const described = new Set<string>();
  for (const [, name = "", body = ""] of words.matchAll(/^(\w+)\s*=\s*(\?[^?]*\?(?:[^;]*\?)?|(?:"[^"]*"|[^";])*);/gm)) {
    if (body.startsWith("?")) described.add(name);
    else productions.set(name, body.match(/"[^"]*"|\w+|[[\]{}()|]/g) ?? []);
  }
  return { productions, described };
}

export function expandEbnf(ebnf: Ebnf, start: string): Form {
  const words = ebnf.productions.get(start);
  if (words === undefined) throw new Error(`no production ${start}`);
  const reader = { words, at: 0 };
  const form = readChoice(reader, ebnf);
  if (reader.at !== words.length) throw new Error(`${start}: ${words.slice(reader.at).join(" ")}`);
  return form;
}

interface Reader {
  readonly words: readonly string[];
  at: number;
}

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

function readChoice(reader: Reader, ebnf: Ebnf): Form {
  const parts = [readSequence(reader, ebnf)];
  while (reader.words[reader.at] === "|") {
    reader.at += 1;
    parts.push(readSequence(reader, ebnf));
  }
  return choice(parts);
}

function readSequence(reader: Reader, ebnf: Ebnf): Form {
  const parts: Form[] = [];
  for (;;) {
    const word = reader.words[reader.at];
    if (word === undefined || "|)]}".includes(word)) return sequence(parts);
    reader.at += 1;
    parts.push(readPart(word, reader, ebnf));
  }
}

function readPart(word: string, reader: Reader, ebnf: Ebnf): Form {
  const close = CLOSING[word];
  if (close !== undefined) {
    const inner = readChoice(reader, ebnf);
    if (reader.words[reader.at] !== close) throw new Error(`${close} expected`);
    reader.at += 1;
    if (word === "(") return inner;
    return word === "[" ? option(inner) : { kind: "repetition", of: inner };
  }
  if (word.startsWith('"')) return { kind: "token", name: tokenOf(word.slice(1, -1)) };
  return ebnf.productions.has(word) ? expandEbnf(ebnf, word) : { kind: "token", name: word };
}

const SIGNS: Readonly<Record<string, string>> = { "=": "EQUALS", ",": "COMMA", "|": "BAR" };

function tokenOf(literal: string): string {
  return SIGNS[literal] ?? literal.toUpperCase();
}

/** `definition` of a rule of the parser, with every rule it uses put in its place. */
export function expandGast(rules: readonly ISerializedGast[], start: string): Form {
  const byName = new Map(rules.map((rule) => [Reflect.get(rule, "name") as string, rule]));
  const expand = (gast: ISerializedGast): Form => {
    const inner = sequence((gast.definition ?? []).map(expand));
    switch (gast.type) {
      case "Terminal":
        return { kind: "token", name: String(Reflect.get(gast, "name")) };
      case "NonTerminal":
        return expandGast(rules, String(Reflect.get(gast, "name")));
      case "Alternation":
        return choice((gast.definition ?? []).map(expand));
      case "Option":
        return option(inner);
      case "Repetition":
        return { kind: "repetition", of: inner };
      case "RepetitionMandatory":
        return sequence([inner, { kind: "repetition", of: inner }]);
      case "RepetitionMandatoryWithSeparator": {
        const separator = expand(Reflect.get(gast, "separator") as ISerializedGast);
        return sequence([inner, { kind: "repetition", of: sequence([separator, inner]) }]);
      }
      case "Alternative":
      case "Rule":
        return inner;
      case "RepetitionWithSeparator":
        throw new Error("no production has one");
    }
  };
  const rule = byName.get(start);
  if (rule === undefined) throw new Error(`no rule ${start}`);
  return expand(rule);
}

function sequence(parts: readonly Form[]): Form {
  const flat = parts.flatMap((part) => (part.kind === "sequence" ? part.parts : [part]));
  const [only] = flat;
  return only !== undefined && flat.length === 1 ? only : { kind: "sequence", parts: flat };
}

function choice(parts: readonly Form[]): Form {
  const flat = parts.flatMap((part) => (part.kind === "choice" ? part.parts : [part]));
  const [only] = flat;
  return only !== undefined && flat.length === 1 ? only : { kind: "choice", parts: flat };
}

function option(of: Form): Form {
  return { kind: "option", of };
}
