// Texts masked by every `redact` of a policy: with many of them, those that are not tried would have found nothing.
import { array, assert, constantFrom, property } from "fast-check";
import { expect, test } from "vitest";
import { maskText } from "../../../src/engine/telling/masking.ts";
import { redactText } from "../../../src/expression/masking/redact.ts";
import { revisionOf } from "../policy.ts";

/** Masks that later masks find, words that begin alike, texts, a choice, and patterns of which nobody knows a word. */
const PATTERNS = [
  '/token-[a-z]+/ as "first [key-one]"',
  '/key-one/ as "second"',
  '/key-o[a-z]+/ as "third {"',
  '"secret literal" as "fourth"',
  '"password" | /pass-[0-9]+/ as "fifth"',
  '/(?:alpha|omega)-x/ as "sixth"',
  '/[0-9]{4}/ as "seventh"',
  '/SHOUT/i as "eighth"',
  '/ab/ as "ninth"',
  '/hidden-[a-z]+/ as "tenth"',
];

const POLICY = [
  "default allow",
  ...PATTERNS.map((pattern, at) => `rule mask-${at} when message on files redact ${pattern}`),
].join("\n");

const PIECES = [
  ..."token-a key-one key-o key-onex password pass-1 alpha-x omega-x 2026 shout ab hidden-z hidden- x".split(" "),
  "secret literal",
  "{",
  '"',
  " ",
  "\\u006b",
  '{"a":"hidden-b"}',
];

test("as if each was tried", () => {
  const revision = revisionOf(POLICY);
  const { maskings } = revision.policy;
  expect(maskings).toHaveLength(PATTERNS.length);
  const texts = array(constantFrom(...PIECES), { maxLength: 6 }).map((pieces) => pieces.join(""));
  const tried = (text: string): string =>
    maskings.reduce((masked, { pattern, as }) => redactText(masked, pattern, as), text);
  assert(
    property(texts, (text) => {
      expect(maskText(revision, text)).toBe(tried(text));
    }),
    { numRuns: 2000 },
  );
});

test("a mask that holds the words of a later one is masked again", () => {
  expect(maskText(revisionOf(POLICY), "my token-abc")).toBe("my first [second]");
});
