// What is decided of a call that holds nothing its rules look for: known before it comes, and what `decide` would say.
import { describe, expect, test } from "vitest";
import { decide } from "../../../src/engine/decide.ts";
import type { WordSieve } from "../../../src/expression/masking/word-sieve.ts";
import { sieveOf } from "../../../src/engine/matching/rule-sieve.ts";
import { select } from "../../../src/engine/matching/select.ts";
import type { Absence } from "../../../src/engine/matching/selection.ts";
import { call, finish, NOWHERE, request, result, revisionOf, type Message } from "../policy.ts";

const HARMLESS = call("t", { q: "nothing at all", p: { file: "none" }, list: ["a"] });

function absence(policy: string, { facts }: Message = HARMLESS): Absence | undefined {
  return select(revisionOf(policy), facts).byAbsence;
}

function keysSought(policy: string): readonly string[] | undefined {
  return absence(policy)?.sought.map((one) => (one.kind === "in-arguments" ? one.keys.join(".") : one.kind));
}

const JUDGES = 'rule j when tools/call t with q "*drop-table*" block';

describe("what is sought in the arguments of a call", () => {
  test.each([
    ["one rule's word", `default allow ${JUDGES}`, ["q"]],
    [
      "words at two places",
      `default allow ${JUDGES} rule k when tools/call t with p.file /secret-[a-z]+/ block`,
      ["q", "p.file"],
    ],
    ["beside rules that the identity settles", `default block rule a when tools/call t allow ${JUDGES}`, ["q"]],
    [
      "beside a block that the identity settles, later in the file",
      `default allow ${JUDGES} rule b when tools/call t block`,
      ["q"],
    ],
    [
      "by an absolute path",
      'default allow rule j when tools/call t with params.arguments.p.file "*drop-table*" block',
      ["p.file"],
    ],
    ["by a rule in shadow", 'default allow rule s in shadow when tools/call t with q "*drop-table*" block', ["q"]],
    [
      "by a rule that looks elsewhere, too",
      'default allow rule j when tools/call t with q "*drop-table*" with n > 3 block',
      ["q"],
    ],
  ])("%s", (_, policy, keys) => expect(keysSought(policy)).toEqual(keys));

  test.each([
    ["a rule asks for something without a word", 'rule k when tools/call t with q "/etc/**" block'],
    ["a rule asks whether something is there", "rule k when tools/call t with p block"],
    ["a rule asks whether something is missing", "rule k when tools/call t without p block"],
    ["a rule asks an expression", "rule k when tools/call t where ($length(q) > 3) block"],
    ["a rule looks through a list", 'rule k when tools/call t with list[*] "*drop-table*" block'],
    ["a rule looks outside of the arguments", 'rule k when tools/call t with params.name "*drop-table*" block'],
    ["a rule looks at the user", 'rule k when tools/call t with user.claims.x "*drop-table*" block'],
    ["a rule looks at the definition", 'rule k when tool t with description "*drop-table*" block'],
    ["a rule changes the message", 'rule k when tools/call t with q "*drop-table*" set q = "x"'],
    [
      "a rule changes what a later one refuses anyway",
      'rule k when tools/call t set q = "drop-table" rule l when tools/call t block',
    ],
    [
      "rules look at more than eight places",
      Array.from({ length: 9 }, (_unused, at) => `rule k${at} when tools/call t with k${at} "*drop-table*" block`).join(
        " ",
      ),
    ],
    ["a rule looks at one of two places", 'rule k when tools/call t with q or p.file "*drop-table*" block'],
    ["a rule supplies an argument", 'rule k when tool t supply key = "x"'],
    ["a rule says what the message said", 'rule k when tools/call t block "not {q}"'],
    [
      "a rule reads tags that outlive the call",
      "rule w when tools/call u tag seen for 1h by user rule k when tools/call t with tags seen block",
    ],
    [
      "a rule reads such tags and looks for a word",
      'rule w when tools/call u tag seen for 1h by user rule k when tools/call t with tags seen with q "*drop-table*" block',
    ],
    ["a default looks inside", "default allow when tools/call t with p"],
  ])("not where %s", (_, more) => expect(absence(`default allow ${JUDGES} ${more}`)).toBeUndefined());

  test.each([
    ["by a rule that looks anywhere", 'rule k when tools/call t containing "*drop-table*" block', ["q", "in-message"]],
    ["by a rule that masks", "rule k when tools/call t redact /drop-table/", ["q", "in-message"]],
    [
      "by many, all in one go",
      'rule k when message redact /drop-table/ rule l when message redact /sk-/ as "x"',
      ["q", "in-message"],
    ],
    ["by a rule in shadow that masks", "rule k in shadow when message redact /drop-table/", ["q", "in-message"]],
    ["by a rule that masks and looks", "rule k when tools/call t with p redact /drop-table/", ["q", "in-message"]],
  ])("also %s", (_, more, keys) => expect(keysSought(`default allow ${JUDGES} ${more}`)).toEqual(keys));

  test.each([
    ["where a path is named", "rule k when tools/call t redact /drop-table/ in p"],
    [
      "where an exception is noted",
      'rule k when tools/call t redact /drop-table/ exception e to k until "2027-01-01" when tools/call t with p',
    ],
    ["where an expression is asked", "rule k when tools/call t where ($length(q) > 3) redact /drop-table/"],
    ["without a word", "rule k when tools/call t redact /[a-z]{9}/"],
    ["of another case, too", "rule k when tools/call t redact /drop-table/i"],
    ["of two characters", 'rule k when tools/call t containing "*k-*" block'],
    ["a number", "rule k when tools/call t redact /411111/"],
    ["a number in another spelling", "rule k when tools/call t redact /1e\\+25/"],
    ["in one of two ways", 'rule k when tools/call t or tool t containing "*drop-table*" block'],
    ["what a number may become", "rule k when tools/call t redact /null/"],
    ["what JSON spells in two ways", "rule k when tools/call t redact /a\\/b/"],
    ["what is not ASCII", "rule k when tools/call t redact /schlüssel/"],
    ["a number beside a word", 'rule k when tools/call t containing "*drop-table*" | 5 block'],
    ["in a definition", 'rule k when tool t containing "*drop-table*" block'],
  ])("not what masks or looks anywhere %s", (_, more) =>
    expect(absence(`default allow ${JUDGES} ${more}`)).toBeUndefined(),
  );

  test("in an answer to a call, anywhere or not at all", () => {
    const answer = result("tools/call", { q: "x" }, "t");
    const sought = (policy: string): unknown =>
      absence(`default allow ${policy}`, answer)?.sought.map(({ kind }) => kind);
    expect(sought("rule k when result of tools/call t redact /drop-table/")).toEqual(["in-message"]);
    expect(sought('rule k when result of tools/call t containing "*drop-table*" block')).toEqual(["in-message"]);
    expect(sought('rule k when result of tools/call t with q "*drop-table*" block')).toBeUndefined();
    expect(sought("rule k when result of tools/call t redact /drop-table/ in content")).toBeUndefined();
    expect(sought('rule k when tool t supply key = "sesame" rule l when message redact /drop-table/')).toBeUndefined();
  });

  test.each([
    ["a result", result("tools/call", { q: "x" }, "t"), "result of tools/call t"],
    [
      "a call that a server makes",
      { ...HARMLESS, facts: { ...HARMLESS.facts, from: "server" as const } },
      "tools/call t",
    ],
    ["a prompt", request("prompts/get", { name: "t", arguments: {} }), "prompts/get t"],
  ])("not in %s", (_, message, target) => {
    expect(absence(`default allow rule j when ${target} with q "*drop-table*" block`, message)).toBeUndefined();
  });
});

describe("what is decided then", () => {
  test.each([
    ["the default", `default allow ${JUDGES}`],
    ["a default that blocks", `default block "no" ${JUDGES} rule a when tools/call t with q "*sel-ect*" allow`],
    ["a default for the thing", `default block default allow when tool t ${JUDGES}`],
    ["a rule that allows", `default block rule a when tools/call t allow ${JUDGES}`],
    ["a rule that blocks", `default allow ${JUDGES} rule b when tools/call t block "never {name}"`],
    ["a rule that asks", `default allow ${JUDGES} rule b when tools/call t ask "sure?"`],
    ["a rule that answers", `default allow ${JUDGES} rule b when tools/call t answer {"content": []}`],
    ["a rule that limits", `default allow ${JUDGES} rule b when tools/call t limit 1 per 1m by client`],
    ["a rule that keeps", `default allow ${JUDGES} rule b when tools/call t cache for 1m`],
    ["rules that note", `default allow ${JUDGES} rule b when tools/call t tag seen log "{name}"`],
    ["rules in shadow", `default allow ${JUDGES} rule b in shadow when tools/call t block`],
  ])("is what `decide` says: %s", (_, policy) => {
    const revision = revisionOf(policy);
    const selection = select(revision, HARMLESS.facts);
    const whole = finish(decide(revision, selection, HARMLESS.facts, HARMLESS.content, NOWHERE));
    expect({ ...selection.byAbsence?.decision, content: whole.content }).toEqual(whole);
  });
});

test("selections in which the same rules are left share one sieve", () => {
  const revision = revisionOf(
    'default allow rule j when tools/call * with q "*drop-table*" block rule u when tools/call u with q "*up-date*" block',
  );
  const sieve = (name: string): WordSieve | undefined => select(revision, call(name).facts).byAbsence?.sought[0]?.sieve;
  const owners = (text: string): unknown => ["t", "s", "u"].map((name) => sieve(name)?.owners(text).toSorted());
  expect(owners("drop-table")).toEqual([[0], [0], [0]]);
  expect(owners("up-date")).toEqual([[], [], [1]]);
  expect(sieve("s")).toBe(sieve("t"));
  expect(sieve("u")).not.toBe(sieve("t"));
});

test("a sieve is of just these words of just these rules, and goes when there are too many", () => {
  const { policy } = revisionOf("default allow");
  const together = sieveOf(policy, [["abc", "xyz"], ["klm"]]);
  const apart = sieveOf(policy, [["abc"], ["xyz", "klm"]]);
  const joined = sieveOf(policy, [["abc,xyz"], ["klm"]]);
  expect([together, apart, joined].map((sieve) => sieve.owners("_xyz_"))).toEqual([[0], [1], []]);
  expect(sieveOf(policy, [["abc", "xyz"], ["klm"]])).toBe(together);
  for (let at = 0; at < 1024; at += 1) sieveOf(policy, [[`word-${at}`]]);
  expect(sieveOf(policy, [["abc", "xyz"], ["klm"]])).not.toBe(together);
});
