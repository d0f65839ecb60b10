// What is called vain comes to nothing, or is never true, also when it is asked.
import { describe, expect, test } from "vitest";
import { compileExpression } from "../../../src/expression/jsonata/expression.ts";

const NOW = Date.UTC(2026, 10, 25);
const INPUT = { path: "/etc/x", limit: 5, days: ["Mon"] };

describe("in vain", () => {
  test.each([
    [`("/srv/" + path)`, "+"],
    [`(limit - "5")`, "-"],
    [`($min(limit, 50))`, "$min"],
    [`($average(limit, 50))`, "$average"],
    [`(path = /etc/)`, "regular expression"],
    [`($match(path, "/etc/"))`, "$match"],
    [`($local().hour)`, "time zone"],
    [`($local("Europe/Berln").hour)`, "Europe/Berln"],
    [`($local("Europe/Berlin").hours)`, "hours"],
    [`($local("Europe/Berlin").weekday = "Wed")`, "Wed"],
    [`($local("Europe/Berlin").weekday in ["Wed", "Wednesday"])`, "Wed"],
  ])("%s", (source, said) => {
    const { expression, vain } = compileExpression(source, new Set());
    expect(vain?.[0]?.message).toContain(said);
    const answer = expression?.compiled?.(INPUT, {}, NOW);
    expect(answer?.kind === "failed" || answer?.value === undefined || answer.value === false).toBe(true);
  });
});

describe("not in vain", () => {
  test.each([
    `("/srv/" & path)`,
    `($min([limit, 50]))`,
    `($match(path, /etc/))`,
    `($local("UTC").weekday = "monday")`,
    `($local("utc").date > "2026-01-01")`,
    `($replace(path, "a", "b"))`,
    `(($min := function($a, $b) { $a < $b ? $a : $b }; $min(limit, 50)))`,
  ])("%s", (source) => {
    expect(compileExpression(source, new Set()).vain).toBeUndefined();
  });
});

describe("what an expression mentions", () => {
  test.each([
    [`(user.id = "bob")`, [[undefined, "user.id", "user.id", true]]],
    [`($.params.arguments.limit > 5)`, [[undefined, "params.arguments.limit", "$.params.arguments.limit", false]]],
    [`("x" in $user.groups)`, [["user", "groups", "$user.groups", true]]],
    [`(items[user = "bob"].id)`, [[undefined, "items.id", 'items[user = "bob"].id', false]]],
    [
      `($map(list, function($user) { $user.role }))`,
      [
        ["map", "", "$map", false],
        [undefined, "list", "list", false],
      ],
    ],
  ])("%s", (source, wanted) => {
    const { mentions = [] } = compileExpression(source, new Set(["user"]));
    const found = mentions.map(({ root, keys, offset, length, isCompared }) => [
      root,
      keys.join("."),
      source.slice(offset, offset + length),
      isCompared,
    ]);
    expect(found).toStrictEqual(wanted);
  });
});
