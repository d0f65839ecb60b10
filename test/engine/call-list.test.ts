// Modules and lists: asked once about the whole list, and what they hide cannot be called.
import { describe, expect, it } from "vitest";
import { reviewCatalogue, type CatalogueReview } from "../../src/engine/catalogue/catalogue.ts";
import type { Answer, Need } from "../../src/engine/decision.ts";
import type { Principal } from "../../src/engine/facts.ts";
import { indexPolicy } from "../../src/engine/index-policy.ts";
import type { ModuleAnswer, ModuleCall } from "../../src/engine/need.ts";
import type { Revision } from "../../src/engine/policy-store.ts";
import type { JsonObject } from "../../src/mcp/json.ts";
import { NOBODY, NOW, revisionOf, told, user } from "./policy.ts";

const SCHEMA: JsonObject = { type: "object" };
const A: JsonObject = { name: "a", description: "A", inputSchema: SCHEMA, odd: 1 };
const B: JsonObject = { name: "b", description: "B", inputSchema: SCHEMA };
const C: JsonObject = { name: "c", description: "C", inputSchema: SCHEMA };

const USED = { module: "tidy", interceptor: "i", ms: 1 } as const;
const TIDY = "default allow rule r when result of tools/list call tidy";

function tools(...list: readonly JsonObject[]): ModuleAnswer {
  return { kind: "changed", payload: { tools: list }, used: [{ ...USED, outcome: "changed" }] };
}

const PASS: ModuleAnswer = { kind: "pass", used: [{ ...USED, outcome: "pass" }] };
const REJECTED: ModuleAnswer = {
  kind: "rejected",
  messages: [{ message: "no" }],
  asks: false,
  mayTell: false,
  used: [{ ...USED, outcome: "rejected" }],
};
const FAILED: ModuleAnswer = { kind: "failed", reason: "down", used: [{ ...USED, outcome: "failed" }] };

interface Outcome {
  readonly review: CatalogueReview;
  readonly calls: readonly ModuleCall[];
}

function reviewed(
  revision: Revision | string,
  mutation: ModuleAnswer = PASS,
  validation: ModuleAnswer = PASS,
  principal: Principal = NOBODY,
): Outcome {
  const catalogue = {
    server: "s",
    kind: "tool",
    definitions: [A, B, C],
    principal,
    now: NOW,
    root: undefined,
    home: undefined,
  } as const;
  const answer = (need: Need): Answer => {
    if (need.kind !== "call") throw new Error(`asked to ${need.kind}`);
    return { kind: "call", answers: need.calls.map(({ type }) => (type === "mutation" ? mutation : validation)) };
  };
  const made = typeof revision === "string" ? revisionOf(revision) : revision;
  const { value, needs } = told(reviewCatalogue(made, catalogue), answer);
  return { review: value, calls: needs.flatMap((need) => (need.kind === "call" ? need.calls : [])) };
}

function shown({ things }: CatalogueReview): readonly string[] {
  return things.map(({ own, listed, hiddenBy, definition }) =>
    listed ? `${own}: ${JSON.stringify(definition["description"])}` : `-${own} ${hiddenBy ?? ""}`,
  );
}

const ALL_HIDDEN = ["-a r", "-b r", "-c r"];

describe("a module that is called for a list", () => {
  it("gets all of it, as the event of that list", () => {
    expect(reviewed(TIDY).calls).toMatchObject([
      { type: "mutation", event: "tools/list", phase: "response", payload: { tools: [A, B, C] }, server: "s" },
      { type: "validation", event: "tools/list", phase: "response" },
    ]);
  });

  const ANSWERS: readonly [string, ModuleAnswer, readonly string[]][] = [
    ["may leave entries out", tools(A, C), ['a: "A"', "-b r", 'c: "C"']],
    ["may change what they say", tools({ ...A, description: "a!" }, B, C), ['a: "a!"', 'b: "B"', 'c: "C"']],
    ["adds none", tools(A, B, C, { ...A, name: "d" }), ALL_HIDDEN],
    ["renames none", tools({ ...A, name: "x" }, B, C), ALL_HIDDEN],
    ["moves none", tools(B, A, C), ALL_HIDDEN],
    ["doubles none", tools(A, A, B, C), ALL_HIDDEN],
    ["sends a list", { kind: "changed", payload: { tools: "none" }, used: [] }, ALL_HIDDEN],
    ["sends that list", { kind: "changed", payload: { prompts: [] }, used: [] }, ALL_HIDDEN],
    [
      "leaves the cursor alone",
      { kind: "changed", payload: { tools: [A, B, C], nextCursor: "x" }, used: [] },
      ALL_HIDDEN,
    ],
    ["shows nothing when it fails", FAILED, ALL_HIDDEN],
  ];

  it.each(ANSWERS)("%s", (_, answer, expected) => {
    expect(shown(reviewed(TIDY, answer).review)).toEqual(expected);
  });

  it("is skipped when it fails, where the rule fails open", () => {
    const { review } = reviewed(TIDY.replace("rule r", "rule r fails open"), tools(A, B, C, { ...A, name: "d" }));
    expect(shown(review)).toEqual(['a: "A"', 'b: "B"', 'c: "C"']);
  });

  it("may reject the list, and then nothing is shown", () => {
    expect(shown(reviewed(TIDY, PASS, REJECTED).review)).toEqual(ALL_HIDDEN);
    expect(shown(reviewed(TIDY, PASS, { ...REJECTED, asks: true }).review)).toEqual(ALL_HIDDEN);
    expect(shown(reviewed(TIDY, PASS, FAILED).review)).toEqual(ALL_HIDDEN);
  });

  it("changes nothing in shadow", () => {
    const { review } = reviewed(TIDY.replace("rule r", "rule r in shadow"), tools(A), REJECTED);
    expect(shown(review)).toEqual(['a: "A"', 'b: "B"', 'c: "C"']);
  });

  it("makes arguments fit what it changed in a schema", () => {
    const other = { ...A, inputSchema: { type: "object", required: ["x"] } };
    const { review } = reviewed(TIDY, tools(other, B, C));
    expect(review.things.map(({ schemaChanged }) => schemaChanged)).toEqual([true, false, false]);
  });

  it("keeps what it does not know", () => {
    const { odd: _, ...plain } = A;
    const { review } = reviewed(TIDY, tools({ ...A, description: "a!" }, B, C));
    expect(review.things[0]?.definition).toEqual({ ...A, description: "a!" });
    expect(review.things[1]?.definition).toBe(B);
    expect(reviewed(TIDY, tools(plain, B, C)).review.things[0]?.definition).toEqual(plain);
  });

  it("is not asked about a list that is blocked anyway", () => {
    const { review, calls } = reviewed(`${TIDY} rule b when result of tools/list block`);
    expect([shown(review), calls]).toEqual([["-a b", "-b b", "-c b"], []]);
  });

  it("stands in a record of the list", () => {
    expect(reviewed(TIDY, tools(A, C)).review.records[0]).toEqual({
      revision: "r1",
      kind: "catalogue",
      method: "tools/list",
      from: "server",
      server: "s",
      verdict: "allow",
      modules: [
        { rule: "r", ...USED, outcome: "changed", paths: ["result.tools"] },
        { rule: "r", ...USED, outcome: "pass" },
      ],
    });
  });
});

describe("a human cannot be asked about a list", () => {
  it("so it is not shown", () => {
    const { review } = reviewed("default allow rule r when result of tools/list ask");
    expect(shown(review)).toEqual(ALL_HIDDEN);
  });
});

describe("what a module made of a list", () => {
  function digesting(policy = TIDY): Revision {
    return { id: "r1", policy: indexPolicy(revisionOf(policy).policy.policy, { digest: (text) => text }) };
  }

  it("is remembered for the same list and caller, while the revision is in force", () => {
    const revision = digesting();
    const mutations = (principal?: Principal): number =>
      reviewed(revision, tools(A, C), PASS, principal).calls.filter(({ type }) => type === "mutation").length;
    expect([mutations(), mutations(), mutations(user("ann")), mutations(user("ann")), mutations()]).toEqual([
      1, 0, 1, 0, 0,
    ]);
    expect(shown(reviewed(revision, FAILED).review)).toEqual(['a: "A"', "-b r", 'c: "C"']);
  });

  it("is asked for again after a failure", () => {
    const revision = digesting();
    expect(shown(reviewed(revision, FAILED).review)).toEqual(ALL_HIDDEN);
    expect(shown(reviewed(revision, tools(A, B)).review)).toEqual(['a: "A"', 'b: "B"', "-c r"]);
  });
});
