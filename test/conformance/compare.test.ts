// The comparison of conformance runs: what it finds, what it forgives, and what it no longer may.
import { expect, test } from "vitest";

type Scenarios = Readonly<Record<string, readonly string[]>>;

interface Difference {
  readonly scenario: string;
  readonly direct: readonly string[];
  readonly proxied: readonly string[];
}

const { complaints, differences } = (await import(new URL("compare.mjs", import.meta.url).href)) as {
  readonly differences: (direct: Scenarios, proxied: Scenarios) => readonly Difference[];
  readonly complaints: (
    found: readonly Difference[],
    known: readonly (Difference & { readonly name: string })[],
  ) => readonly string[];
};

const DIRECT = { ping: ["ping:SUCCESS"], stream: ["event:INFO", "event:INFO", "retry:SUCCESS"] };

test("the same checks are no difference", () => {
  expect(differences(DIRECT, structuredClone(DIRECT))).toStrictEqual([]);
});

test.each<[string, Scenarios, Difference]>([
  [
    "a check that ends otherwise",
    { ...DIRECT, ping: ["ping:FAILURE"] },
    { scenario: "ping", direct: ["ping:SUCCESS"], proxied: ["ping:FAILURE"] },
  ],
  [
    "a check that was made once less",
    { ...DIRECT, stream: ["event:INFO", "retry:SUCCESS"] },
    { scenario: "stream", direct: ["event:INFO"], proxied: [] },
  ],
  [
    "a scenario that is missing",
    { stream: DIRECT.stream },
    { scenario: "ping", direct: ["ping:SUCCESS"], proxied: [] },
  ],
  [
    "a scenario that is new",
    { ...DIRECT, more: ["more:SUCCESS"] },
    { scenario: "more", direct: [], proxied: ["more:SUCCESS"] },
  ],
])("%s is one", (_, proxied, difference) => {
  expect(differences(DIRECT, proxied)).toStrictEqual([difference]);
  expect(complaints([difference], [])).toContain(difference.scenario);
});

const LOST = { scenario: "ping", direct: ["ping:SUCCESS"], proxied: [] };

test("a known difference is forgiven, to the letter", () => {
  expect(complaints([LOST], [{ ...LOST, name: "no ping" }])).toStrictEqual([]);
  expect(complaints([LOST], [{ ...LOST, proxied: ["ping:FAILURE"], name: "bad ping" }])).toHaveLength(3);
});

test("a known difference that is none any more has to go", () => {
  expect(complaints([], [{ ...LOST, name: "no ping" }])).toStrictEqual([
    'ping: "no ping" is no difference any more; take it out',
  ]);
});
