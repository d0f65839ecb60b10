// Rules that do nothing to a message unless one of their words stands somewhere in it: those that mask, and those that refuse what holds something.
import { SHORTEST_WORD } from "../../expression/masking/word-sieve.ts";
import type { Pattern } from "../../expression/pattern.ts";
import type { CompiledTransform } from "../../language/compiled-policy.ts";
import { maskedWords } from "../telling/masking.ts";
import type { Way } from "./narrow.ts";
import type { Question } from "./prepare-head.ts";
import type { SelectedRule, SelectedRules } from "./selection.ts";

export interface SoughtAnywhere {
  /** Without one of the words in the message, these change nothing … */
  readonly transforms: readonly SelectedRule[];
  /** … and these say no. */
  readonly verdicts: readonly SelectedRule[];
  readonly words: readonly string[];
}

/** The `verdicts` among these, and all transforms. */
export function soughtAnywhere(verdicts: readonly SelectedRule[], { transforms }: SelectedRules): SoughtAnywhere {
  const masking = transforms.flatMap((selected) => withWords(selected, wordsMasked(selected)));
  const holding = verdicts.flatMap((selected) => withWords(selected, wordsHeld(selected)));
  return {
    transforms: masking.map(({ selected }) => selected),
    verdicts: holding.map(({ selected }) => selected),
    words: [...masking, ...holding].flatMap(({ words }) => words),
  };
}

interface WithWords {
  readonly selected: SelectedRule;
  readonly words: readonly string[];
}

function withWords(selected: SelectedRule, words: readonly string[] | undefined): readonly WithWords[] {
  return words?.every(isFoundInBytes) === true ? [{ selected, words }] : [];
}

/** An exception that holds is noted, whatever there is to mask; an expression that fails is counted. */
function wordsMasked({ rule, asks, exceptions }: SelectedRule): readonly string[] | undefined {
  return asks || exceptions.length > 0 ? undefined : all(rule.transforms.map(wordsOfTransform));
}

/** A place that is named may be missing, which fails the rule. */
function wordsOfTransform(transform: CompiledTransform): readonly string[] | undefined {
  if (transform.kind === "rename") return [];
  return transform.kind === "redact" && transform.path === undefined ? maskedWords(transform.pattern) : undefined;
}

/** In each way that it can match. */
function wordsHeld({ match }: SelectedRule): readonly string[] | undefined {
  return all(match.ways.map(wordsOfWay));
}

/** What stands in a failure is put together, with a key of its own. */
function wordsOfWay({ home, questions }: Way): readonly string[] | undefined {
  return home !== "body" ? undefined : questions.map(wordsOfQuestion).find((words) => words !== undefined);
}

function wordsOfQuestion(question: Question): readonly string[] | undefined {
  return question.kind === "containing" ? wordsOfTexts(question.pattern) : undefined;
}

/** A literal is found among numbers, in whatever spelling. */
function wordsOfTexts({ parts, words }: Pattern): readonly string[] | undefined {
  return parts.some(({ kind }) => kind === "literal") ? undefined : words;
}

function all(found: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  return found.every((words) => words !== undefined) ? found.flat() : undefined;
}

/** ASCII that JSON has but one spelling for, apart from `\u00xx`. */
const SPELT_ONE_WAY = /^[ !#-.0-[\]-~]+$/;
/** A number, or what becomes of one that is too large: its own spelling may be another. */
const LIKE_A_NUMBER = /^[0-9.eE+\-nul]*$/;

function isFoundInBytes(word: string): boolean {
  return word.length >= SHORTEST_WORD && SPELT_ONE_WAY.test(word) && !LIKE_A_NUMBER.test(word);
}
