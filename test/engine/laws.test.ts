// Laws that hold for every policy: what a rule can do to a verdict, what doubt can, and what the index may leave out.
import {
  array,
  assert,
  boolean,
  constantFrom,
  integer,
  property,
  record,
  shuffledSubarray,
  type Arbitrary,
} from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../src/engine/decide.ts";
import type { Decision } from "../../src/engine/decision.ts";
import { indexPolicy } from "../../src/engine/index-policy.ts";
import { narrow } from "../../src/engine/matching/narrow.ts";
import type { Revision } from "../../src/engine/policy-store.ts";
import { select } from "../../src/engine/matching/select.ts";
import type { Truth } from "../../src/expression/truth.ts";
import type { CompiledClause, CompiledPolicy, CompiledRule } from "../../src/language/compiled-policy.ts";
import { call, decision, finish, NOWHERE, request, result, revisionOf, texts, user, type Message } from "./policy.ts";

const RUNS = { numRuns: 1000 };

const PARTS: CompiledPolicy = revisionOf(`
  default block
  default allow when tool get_* | set_*
  default block when tools/call set_* with a
  rule a1 when tool get_* allow
  rule a2 when tools/call set_* with a x allow
  rule a3 when request for group staff allow
  rule a4 when prompts/get * allow
  rule b1 when tools/call get_secret block
  rule b2 when tool set_* on files block
  rule b3 when message containing bad block
  rule b4 when tools/call * with n > 5 block
  rule b5 when tools/call * except with a x except with b block
  rule b6 when result of tools/call * with content[*].text "*bad*" block
  rule w1 when tools/call get_* answer "w"
  rule w2 when tools/call * with b y answer "w"
  rule w3 when tools/call set_* allow answer {"content": []}
  rule t1 when tools/call get_* with b set a = "x"
  rule t2 when tools/call * redact /bad/ as "good"
  rule s1 in shadow when tool * block
  rule o1 when tools/call * with a tag seen log "{a}"
  rule o2 when tool get_* log "{name}"
  rule q1 when tools/call set_* ask "{a}?" within 5m
  rule q2 when tools/call * with b y ask via queue
  rule q3 when tool get_* allow ask within 1m via url
  rule l1 when tools/call get_* limit 1 per 1m by client
  rule l2 when tools/call * with b x limit 5 of n per 1d else ask
  rule c1 when tools/call * with a cache for 1m
  rule c2 when tool get_* cache for 30s by ($user.id)
  rule f1 fails open when tools/call * with a set a.b = 1
  exception e1 to b1, b4, b5 until "2026-12-01" when tools/call get_* with b y
`).policy.policy;

const VERDICT_RULES = PARTS.rules.filter((rule) => rule.transforms.length === 0);

const NAME = constantFrom("get_secret", "get_x", "set_x", "other");
const VALUE = constantFrom("x", "y", "bad", 1, 9, ["x", "y"], null);
const PRINCIPAL = constantFrom(user("ann", ["staff"]), user("bob"), user("eve", "unknown"), user("bad", ["staff"]));
const SERVER = constantFrom("files", "other");

const CALL: Arbitrary<Message> = record({
  name: NAME,
  args: record({ a: VALUE, b: VALUE, n: VALUE }, { requiredKeys: [] }),
  server: SERVER,
  principal: PRINCIPAL,
}).map(({ name, args, server, principal }) => call(name, args, { server, principal }));

const OTHER: Arbitrary<Message> = record({ name: NAME, server: SERVER, principal: PRINCIPAL, isReply: boolean() }).map(
  ({ name, server, principal, isReply }) =>
    isReply
      ? result("tools/call", texts(name, "bad"), name, { server, principal })
      : request("prompts/get", { name }, { server, principal }),
);

function revision(rules: readonly CompiledRule[], policy: Partial<CompiledPolicy> = {}): Revision {
  const ordered = rules.map((rule, order) => ({ ...rule, order }));
  return { id: "r1", policy: indexPolicy({ ...PARTS, ...policy, rules: ordered }) };
}

const LAXITY: Readonly<Record<Decision["verdict"], number>> = { block: 0, ask: 1, answer: 2, allow: 3 };

/** Who is asked, and what is counted. */
function burdens({ limits, question }: Decision): readonly string[] {
  return [...limits.map(({ key, amount }) => `${key} ${amount}`), ...(question?.rules ?? [])];
}

function isAsStrict(one: Decision, other: Decision): boolean {
  if (one.verdict !== other.verdict) return LAXITY[one.verdict] < LAXITY[other.verdict];
  const all = burdens(one);
  return burdens(other).every((burden) => all.includes(burden));
}

/** All of a decision that does not hang on who stands first. */
function sum({ verdict, limits, question, caching, answer }: Decision): unknown {
  const asked = question && [question.rules.toSorted(), question.withinMs, question.via];
  return [
    verdict,
    asked,
    limits.map(({ key, amount }) => `${key} ${amount}`).toSorted(),
    caching?.forMs,
    answer !== undefined,
  ];
}

describe("verdicts", () => {
  it("let nothing more through when a rule is added that does not allow", () => {
    const added = constantFrom(...VERDICT_RULES.filter((rule) => rule.verdicts.every(({ kind }) => kind !== "allow")));
    assert(
      property(shuffledSubarray([...VERDICT_RULES]), added, CALL, (rules, rule, message) => {
        const others = rules.filter(({ id }) => id !== rule.id);
        const [without, withIt] = [decision(revision(others), message), decision(revision([...others, rule]), message)];
        expect(isAsStrict(withIt, without)).toBe(true);
      }),
      RUNS,
    );
  });

  it("do not depend on the order of the rules", () => {
    const transforms = PARTS.rules.filter((rule) => rule.transforms.length > 0);
    assert(
      property(shuffledSubarray([...VERDICT_RULES]), CALL, (rules, message) => {
        const inOrder = rules.toSorted((one, other) => one.order - other.order);
        const [one, other] = [rules, inOrder].map((all) => decision(revision([...transforms, ...all]), message));
        expect(one && sum(one)).toEqual(other && sum(other));
      }),
      RUNS,
    );
  });

  it("are the same whether the identity settles them or the whole message is asked", () => {
    assert(
      property(shuffledSubarray([...PARTS.rules]), CALL, (rules, message) => {
        const made = revision(rules);
        const selection = select(made, message.facts);
        const whole = finish(decide(made, selection, message.facts, message.content, NOWHERE));
        const asked = decision(made, message);
        const said = ({ rule, reason, tags, logs }: Decision): unknown => [rule, reason, tags, logs];
        const isFailed = whole.code === 5000;
        expect(isFailed ? asked.verdict : [sum(asked), said(asked)]).toEqual(
          isFailed ? "block" : [sum(whole), said(whole)],
        );
      }),
      RUNS,
    );
  });
});

describe("the index", () => {
  it("leaves out no rule that could match", () => {
    const made = revision(PARTS.rules);
    assert(
      property(CALL, OTHER, boolean(), (one, other, isCall) => {
        const { facts } = isCall ? one : other;
        const { heads, policy, buckets } = made.policy;
        const matching = policy.rules.filter((rule) => {
          const head = heads[rule.order];
          return head && narrow(head, facts);
        });
        expect(buckets.candidates(facts)).toEqual(expect.arrayContaining(matching));
      }),
      RUNS,
    );
  });

  it("finds a rule by any of its names, servers and methods, at once or by how they begin", () => {
    const names = array(constantFrom("a", "ab", "ab*", "abc*", "*", "b.c", "*c"), { minLength: 1, maxLength: 3 });
    const method = constantFrom("tools/call", "prompts/get", "tools/*", "*/call");
    const servers = constantFrom("", "on files", "on files | other", "on f*");
    assert(
      property(
        names,
        method,
        servers,
        constantFrom("a", "ab", "abc", "abcd", "b.c", "c"),
        SERVER,
        (globs, of, on, name, server) => {
          const made = revisionOf(
            `default allow rule r when ${of} ${globs.map((glob) => `"${glob}"`).join(" | ")} ${on} block`,
          );
          const { facts } = call(name, {}, { server });
          const [head] = made.policy.heads;
          const isMeant = head !== undefined && narrow(head, facts) !== undefined;
          expect(select(made, facts).rules.verdicts).toHaveLength(isMeant ? 1 : 0);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

/** A condition whose truth the test decides. */
function oracle(truth: Truth): CompiledClause {
  const value = truth === "doubt" ? undefined : truth === "yes";
  const expression = { source: "(oracle)", variables: [], reads: [], usesClock: false };
  return { kind: "where", expression: { ...expression, compiled: () => ({ kind: "value", value }) } };
}

describe("doubt", () => {
  const SHAPES = revisionOf(`
    default block
    default allow when tools/call * with x
    default block when tools/call * with x
    rule allows when tools/call * with x allow
    rule blocks when tools/call * with x block
    rule answers when tools/call * with x answer "w"
    rule both when tools/call * with x allow answer "w"
    rule asks when tools/call * with x ask
    rule counts when tools/call * with x limit 1 per 1m by client
    rule keeps when tools/call * with x cache for 1m
    rule sets when tools/call * with x set y = 1
    rule excepts when tools/call * except with x block
    rule lifts when tools/call * except with x allow
    exception e to blocks, excepts until "2026-12-01" with x
  `).policy.policy;

  /** Every condition `with x` of the policy, in order, has the truth given. */
  function withTruths(
    policy: CompiledPolicy,
    rules: readonly CompiledRule[],
    truths: readonly Truth[],
  ): CompiledPolicy {
    let at = 0;
    const asked = (clauses: readonly CompiledClause[]): readonly CompiledClause[] =>
      clauses.map(() => oracle(truths[at++ % truths.length] ?? "no"));
    const head = <T extends CompiledRule["head"] | undefined>(one: T): T =>
      one && { ...one, clauses: asked(one.clauses), excepts: one.excepts.map(asked) };
    return {
      ...policy,
      rules: rules.map((rule, order) => ({ ...rule, order, head: head(rule.head) })),
      defaults: policy.defaults.map((entry) => ({ ...entry, head: head(entry.head) })),
      exceptions: policy.exceptions.map((entry) => ({ ...entry, head: head(entry.head) })),
    };
  }

  const BARE = constantFrom<"allow" | "block">("allow", "block");

  /** What is answered in the server's place does not get there; what is asked about may not either. */
  function freedomOf({ verdict, answer, limits, caching }: Decision): number {
    if (verdict === "block") return 0;
    const asked = verdict === "ask" ? 0 : 10;
    if (answer !== undefined) return asked + 1;
    return asked + (limits.length > 0 ? 2 : 4) + (caching ? 1 : 0);
  }

  function laxityOf(rules: readonly CompiledRule[], bare: "allow" | "block", truths: readonly Truth[]): number {
    const defaults = SHAPES.defaults.map((entry) => (entry.head ? entry : { ...entry, verdict: bare }));
    const policy = withTruths({ ...SHAPES, defaults }, rules, truths);
    return freedomOf(decision({ id: "r1", policy: indexPolicy(policy) }, call("t", {})));
  }

  it("never gives a laxer outcome than any way of resolving it, or a part of it", () => {
    const truths = array(constantFrom<Truth>("yes", "no", "doubt"), { minLength: 16, maxLength: 16 });
    assert(
      property(shuffledSubarray([...SHAPES.rules]), truths, truths, BARE, (rules, given, ways, bare) => {
        const resolved = given.map((truth, at): Truth => (truth === "doubt" ? (ways[at] ?? "no") : truth));
        expect(laxityOf(rules, bare, given)).toBeLessThanOrEqual(laxityOf(rules, bare, resolved));
      }),
      RUNS,
    );
  });

  it("is no stricter than the strictest way of resolving it, but where it refuses a transform", () => {
    const judging = SHAPES.rules.filter(({ transforms }) => transforms.length === 0);
    const certain = array(constantFrom<Truth>("yes", "no"), { minLength: 16, maxLength: 16 });
    const doubtful = array(integer({ min: 0, max: 15 }), { maxLength: 3 });
    assert(
      property(shuffledSubarray(judging), certain, doubtful, BARE, (rules, truths, doubts, bare) => {
        const given = truths.map((truth, at): Truth => (doubts.includes(at) ? "doubt" : truth));
        const strictest = Math.min(...waysOf(given).map((all) => laxityOf(rules, bare, all)));
        expect(laxityOf(rules, bare, given)).toBe(strictest);
      }),
      RUNS,
    );
  });
});

/** Every way of resolving each doubt by itself. */
function waysOf(truths: readonly Truth[]): readonly (readonly Truth[])[] {
  const at = truths.indexOf("doubt");
  if (at === -1) return [truths];
  return (["yes", "no"] as const).flatMap((truth) => waysOf(truths.with(at, truth)));
}
