// Under which names things are exposed: renamed, prefixed on collision, never changing their owner, and back again.
import { assert, constantFrom, property, record, stringMatching, uniqueArray } from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReviewedThing } from "../../../src/engine/facts.ts";
import { exposeNames, type NamesOutcome, type NamesRequest, type NameTable } from "../../../src/engine/names/names.ts";
import type { ListedKind } from "../../../src/mcp/lists.ts";
import { NOBODY, revisionOf, user } from "../policy.ts";

function thing(own: string, kind: ListedKind = "tool", listed = true): ReviewedThing {
  const definition = kind === "tool" || kind === "prompt" ? { name: own } : { uri: own };
  const hiddenBy = listed ? undefined : "r";
  return { kind, own, listed, hiddenBy, definition, changed: false, schemaChanged: false, truths: new Map() };
}

type Offers = Readonly<Record<string, readonly string[]>>;

function expose(
  policy: string,
  offers: Offers,
  other: Partial<NamesRequest> = {},
  kind: ListedKind = "tool",
): NamesOutcome {
  const catalogues = Object.entries(offers).map(([server, names]) => ({
    server,
    kind,
    things: names.map((name) => (name.startsWith("-") ? thing(name.slice(1), kind, false) : thing(name, kind))),
  }));
  return exposeNames(revisionOf(policy), {
    catalogues,
    naming: "plain",
    names: undefined,
    principal: NOBODY,
    previous: undefined,
    ...other,
  });
}

function shown(table: NameTable, kind: ListedKind = "tool"): readonly string[] {
  return table.exposed(kind).map(({ server, exposed, thing: { own } }) => `${exposed} = ${server}:${own}`);
}

describe("names", () => {
  it.each<readonly [string, string, Offers, Partial<NamesRequest>, readonly string[]]>([
    ["stay as they are", "default allow", { a: ["x", "y"] }, {}, ["x = a:x", "y = a:y"]],
    ["of hidden things are free", "default allow", { a: ["-x"], b: ["x"] }, {}, ["x = b:x"]],
    [
      "stay with the server that stands first",
      "default allow",
      { a: ["x"], b: ["x", "y"] },
      {},
      ["x = a:x", "b__x = b:x", "y = b:y"],
    ],
    [
      "are hidden when even the prefixed one is taken",
      "default allow",
      { a: ["x", "b__x"], b: ["x"] },
      {},
      ["x = a:x", "b__x = a:b__x"],
    ],
    [
      "are not taken by a prefix from one who bears them",
      "default allow",
      { a: ["x"], b: ["x"], c: ["b__x"] },
      {},
      ["x = a:x", "b__x = c:b__x"],
    ],
    [
      "are always prefixed if the settings say so",
      "default allow",
      { a: ["x"], b: ["y"] },
      { naming: "prefix" },
      ["a__x = a:x", "b__y = b:y"],
    ],
    [
      "are renamed first",
      "default allow rule r when tool * on b rename to gh_*",
      { a: ["x"], b: ["x"] },
      {},
      ["x = a:x", "gh_x = b:x"],
    ],
    [
      "then collide",
      "default allow rule r when tool y on a rename to x",
      { a: ["y"], b: ["x"] },
      {},
      ["x = a:y", "b__x = b:x"],
    ],
    [
      "take what each star took",
      'default allow rule r when tool "*_of_*" on a rename to *.*',
      { a: ["x_of_y"] },
      {},
      ["x.y = a:x_of_y"],
    ],
    [
      "are left alone where the rule is for others",
      "default allow rule r when tool * for user bob rename to b_*",
      { a: ["x"] },
      { principal: user("ann") },
      ["x = a:x"],
    ],
    [
      "are hidden where it is in doubt",
      "default allow rule r when tool * for group g rename to b_*",
      { a: ["x"] },
      { principal: user("ann", "unknown") },
      [],
    ],
    [
      "that clients do not accept are hidden",
      "default allow",
      { a: ["x.y", "xy", "long"] },
      { names: { max: 3, chars: "a-z" } },
      ["xy = a:xy"],
    ],
    [
      "that are no valid new names are hidden",
      `default allow rule r when tool * rename to x_*`,
      { a: ["y".repeat(127), "y"] },
      {},
      ["x_y = a:y"],
    ],
  ])("%s", (_, policy, offers, other, expected) => {
    const { table, problems } = expose(policy, offers, other);
    expect(shown(table)).toEqual(expected);
    const count = Object.values(offers)
      .flat()
      .filter((name) => !name.startsWith("-")).length;
    const isRepeated = table.exposed("tool").some(({ exposed }) => exposed.includes("__")) && other.naming !== "prefix";
    expect(problems.length > 0).toBe(isRepeated || expected.length < count);
  });

  it("lead there and back, and nowhere for what nobody lists", () => {
    const { table } = expose("default allow", { a: ["x"], b: ["x", "-z"] });
    expect(table.inward("tool", "b__x")).toEqual({ server: "b", own: "x" });
    expect(table.outward("b", "tool", "x")).toBe("b__x");
    expect(table.inward("tool", "z")).toBeUndefined();
    expect(table.outward("b", "tool", "z")).toBeUndefined();
    expect(table.inward("prompt", "x")).toBeUndefined();
    expect(table.inward("tool", "__proto__")).toBeUndefined();
  });

  it("never change their owner while the proxy runs", () => {
    const first = expose("default allow", { b: ["x"] }).table;
    const second = expose("default allow", { a: ["x"], b: ["x"] }, { previous: first });
    expect(shown(second.table)).toEqual(["a__x = a:x", "x = b:x"]);
    const third = expose("default allow", { a: ["x"], b: ["y"] }, { previous: second.table });
    expect(shown(third.table)).toEqual(["a__x = a:x", "y = b:y"]);
    const renamed = expose(
      "default allow rule r when tool y on b rename to x",
      { b: ["y", "x"] },
      { previous: third.table },
    );
    expect(shown(renamed.table)).toEqual(["b__x = b:y", "x = b:x"]);
    expect(shown(expose("default allow", { a: ["x"], b: ["x"] }, { previous: renamed.table }).table)).toEqual([
      "a__x = a:x",
      "x = b:x",
    ]);
  });

  it("have another signature whenever the list is another", () => {
    const signature = (policy: string, offers: Offers): string => expose(policy, offers).table.signature("tool");
    const before = signature("default allow", { a: ["x", "y"] });
    expect(signature("default allow", { a: ["x", "y"] })).toBe(before);
    expect(signature("default allow", { a: ["y", "x"] })).not.toBe(before);
    expect(signature("default allow", { a: ["x"] })).not.toBe(before);
    expect(signature("default allow rule r when tool x rename to z", { a: ["x", "y"] })).not.toBe(before);
  });
});

describe("URIs", () => {
  it("stay, and the later server's is told apart", () => {
    const { table } = expose(
      "default allow",
      { a: ["file:///x"], b: ["file:///x", "file:///y"] },
      { naming: "prefix" },
      "resource",
    );
    expect(shown(table, "resource")).toEqual([
      "file:///x = a:file:///x",
      "b+file:///x = b:file:///x",
      "file:///y = b:file:///y",
    ]);
    expect(table.outwardUri("b", "file:///x")).toBe("b+file:///x");
    expect(table.outwardUri("a", "file:///y")).toBe("a+file:///y");
    expect(table.outwardUri("a", "file:///z")).toBe("file:///z");
  });

  it("belong to the template with the longest literal beginning, in the server's own words", () => {
    const { table } = expose("default allow", { a: ["x://{a}"], b: ["x://y/{b}", "x://{a}"] }, {}, "template");
    expect(table.byTemplate("x://1")).toEqual({ server: "a", own: "x://1" });
    expect(table.byTemplate("x://y/1")).toEqual({ server: "b", own: "x://y/1" });
    expect(table.byTemplate("b+x://1")).toEqual({ server: "b", own: "x://1" });
    expect(table.byTemplate("z://1")).toBeUndefined();
  });
});

describe("a bijection", () => {
  const NAMES = uniqueArray(stringMatching(/^[a-c_]{1,4}$/), { maxLength: 6 });
  const OFFERS = record({ a: NAMES, b: NAMES, c: NAMES });
  const RENAMES = constantFrom(
    "",
    "rule r when tool * on a rename to b_*",
    "rule r when tool a* rename to *",
    "rule r when tool b on b rename to a",
  );

  it("leads every exposed name to its thing and back, before and after a reload", () => {
    assert(
      property(OFFERS, OFFERS, RENAMES, RENAMES, constantFrom("plain", "prefix"), (one, other, rule, later, naming) => {
        const before = expose(`default allow ${rule}`, one, { naming }).table;
        const after = expose(`default allow ${later}`, other, { naming, previous: before }).table;
        for (const table of [before, after]) {
          const exposed = table.exposed("tool");
          expect(new Set(exposed.map((entry) => entry.exposed)).size).toBe(exposed.length);
          for (const entry of exposed) {
            expect(table.inward("tool", entry.exposed)).toEqual({ server: entry.server, own: entry.thing.own });
            expect(table.outward(entry.server, "tool", entry.thing.own)).toBe(entry.exposed);
          }
        }
        for (const { exposed } of before.exposed("tool")) {
          const owner = before.inward("tool", exposed);
          expect(after.inward("tool", exposed) ?? owner).toEqual(owner);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("is the identity when two proxies rename there and back", () => {
    assert(
      property(NAMES, constantFrom("x_*", "*_x", "a.*.b"), (names, to) => {
        const there = expose(`default allow rule r when tool * rename to ${to}`, { a: names }).table;
        const outside = there.exposed("tool").map(({ exposed }) => exposed);
        const back = expose(`default allow rule r when tool "${to}" rename to *`, { proxy: outside }).table;
        expect(back.exposed("tool").map(({ exposed }) => exposed)).toEqual(names);
        for (const name of names) {
          const inner = back.inward("tool", name);
          expect(inner && there.inward("tool", inner.own)).toEqual({ server: "a", own: name });
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a server that is not up yet", () => {
  function withLate(policy: string, late: readonly string[], previous?: NameTable, isExpected = true): NamesOutcome {
    return exposeNames(revisionOf(policy), {
      catalogues: [
        { server: "late", kind: "tool", things: late.map((name) => thing(name)), isExpected },
        { server: "early", kind: "tool", things: [thing("x"), thing("y")] },
      ],
      naming: "plain",
      names: undefined,
      principal: NOBODY,
      previous,
    });
  }

  it("keeps its names, as they are after all rules, and is not shown", () => {
    const { table, problems } = withLate("default allow rule r when tool z on late rename to y", ["x", "z"]);
    expect(shown(table)).toStrictEqual(["early__x = early:x", "early__y = early:y"]);
    expect(problems).toStrictEqual([
      "tool `x` of early is called `early__x`: `x` is taken",
      "tool `y` of early is called `early__y`: `y` is taken",
    ]);
  });

  it("has them when it comes, and nobody else's change", () => {
    const before = withLate("default allow", ["x"]).table;
    const { table } = withLate("default allow", ["x"], before, false);
    expect(shown(table)).toStrictEqual(["x = late:x", "early__x = early:x", "y = early:y"]);
  });

  it("has no name that it was not expected to want", () => {
    const before = withLate("default allow", ["x"]).table;
    const { table } = withLate("default allow", ["x", "y"], before, false);
    expect(shown(table)).toStrictEqual(["x = late:x", "late__y = late:y", "early__x = early:x", "y = early:y"]);
  });
});
