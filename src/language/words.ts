// The words of the language, by the part they play. A keyword is quoted where a pattern stands.

/** Each starts an item; first on a line, it also ends a broken one. */
export const ITEM_WORDS = ["let", "default", "rule", "exception", "test"] as const;
export const CLAUSE_WORDS = ["on", "for", "from", "with", "without", "containing", "where", "except"] as const;
export const VERDICT_WORDS = ["allow", "block", "ask", "answer", "limit"] as const;
export const TRANSFORM_WORDS = [
  "rename",
  "supply",
  "rewrite",
  "set",
  "remove",
  "add",
  "redact",
  "translate",
  "call",
] as const;
const OBSERVATION_WORDS = ["log", "tag", "cache"] as const;
export const ACTION_WORDS = [...VERDICT_WORDS, ...TRANSFORM_WORDS, ...OBSERVATION_WORDS] as const;
export const STEP_WORDS = ["given", "send", "push", "reply", "expect"] as const;
export const TARGET_WORDS = [
  "tool",
  "prompt",
  "resource",
  "message",
  "request",
  "notification",
  "result",
  "error",
  "failure",
] as const;

const JOINING_WORDS = ["when", "in", "fails", "or", "and", "of", "as", "within", "via", "per", "by", "else"] as const;
const MORE_JOINING_WORDS = ["to", "using", "until", "returns", "now", "human", "listed", "hidden"] as const;
const SIDE_WORDS = ["client", "user", "group", "profile", "server"] as const;
const LITERAL_WORDS = ["true", "false", "null"] as const;

export const KEYWORDS = [
  ...ITEM_WORDS,
  ...CLAUSE_WORDS,
  ...ACTION_WORDS,
  ...STEP_WORDS,
  ...TARGET_WORDS,
  ...JOINING_WORDS,
  ...MORE_JOINING_WORDS,
  ...SIDE_WORDS,
  ...LITERAL_WORDS,
] as const;
export type Keyword = (typeof KEYWORDS)[number];

const ALL_KEYWORDS: ReadonlySet<string> = new Set(KEYWORDS);

export function isKeyword(word: string): boolean {
  return ALL_KEYWORDS.has(word);
}

/** Ordinary words that only their place makes special. */
export const LEVEL_WORDS = ["trace", "debug", "info", "warn"] as const;
export const METHOD_WORDS = ["initialize", "ping"] as const;
export const PLACE_WORDS = [
  "mcprules",
  "open",
  "closed",
  "shadow",
  "canary",
  "approves",
  "declines",
  "times",
  ...LEVEL_WORDS,
  ...METHOD_WORDS,
] as const;
export type PlaceWord = (typeof PLACE_WORDS)[number];

/** Keywords that may follow the id of an item, so that none of them is one. */
export const NOT_AN_ID: ReadonlySet<string> = new Set(["when", "in", "fails", "to", "until", "default"]);

/** Keywords that start something; none of them is the name of a `let`, a tag or a sink. */
export const NOT_A_NAME: ReadonlySet<string> = new Set([
  ...ITEM_WORDS,
  ...CLAUSE_WORDS,
  ...ACTION_WORDS,
  ...STEP_WORDS,
]);

/** Bare words after `expect` that are no field there. */
export const NOT_AN_EXPECTED_FIELD: ReadonlySet<string> = new Set([
  "allow",
  "block",
  "ask",
  "answer",
  "listed",
  "hidden",
  "tag",
  "log",
  "without",
]);

/** Bare words that stand for a value of the message or of its surroundings. */
export const BARE_VALUES: ReadonlySet<string> = new Set(["result", "error", "request", "server", "client", "user"]);
