// Things beside the catalogue lock: what is other than it says is reported, or hidden and refused.
import { describe, expect, it } from "vitest";
import { reviewCatalogue, type CatalogueReview } from "../../../src/engine/catalogue/catalogue.ts";
import type { Revision } from "../../../src/engine/policy-store.ts";
import { lockedThings, type CatalogueLock } from "../../../src/mcp/catalogue-lock.ts";
import type { JsonObject } from "../../../src/mcp/json.ts";
import type { ListedKind } from "../../../src/mcp/lists.ts";
import { finish, NOBODY, NOW, revisionOf } from "../policy.ts";

const READ: JsonObject = {
  name: "read",
  description: "Reads.",
  inputSchema: { type: "object", properties: { a: {}, b: {} } },
};
const NOTE: JsonObject = {
  uri: "note:1",
  name: "one",
  size: 5,
  annotations: { lastModified: "2026-01-01", priority: 1 },
};

function lockOf(server: string, tools: readonly JsonObject[], resources: readonly JsonObject[] = []): CatalogueLock {
  const things = lockedThings({ tool: tools, prompt: [], resource: resources, template: [] }, () => "");
  return { servers: new Map([[server, { name: "x", version: "1", things }]]) };
}

function review(
  pin: Revision["pin"],
  lock: CatalogueLock | undefined,
  listed: JsonObject,
  kind: ListedKind = "tool",
): CatalogueReview {
  const { id, policy } = revisionOf("default allow rule loud when tool * set description = `!`".replaceAll("`", '"'));
  const revision = { id, policy, lock, ...(pin && { pin }) };
  const catalogue = {
    server: "files",
    kind,
    definitions: [listed],
    principal: NOBODY,
    now: NOW,
    root: undefined,
    home: undefined,
  };
  return finish(reviewCatalogue(revision, catalogue));
}

const LOCK = lockOf("files", [READ], [NOTE]);

describe("under `block`", () => {
  it.each<readonly [string, JsonObject, string]>([
    [
      "a tool that is described otherwise",
      { ...READ, description: "Reads and sends." },
      "has another `description` than in mcprules.lock",
    ],
    [
      "a tool that takes something else",
      { ...READ, inputSchema: { type: "object" }, title: "R" },
      "has another `inputSchema`, `title` than in mcprules.lock",
    ],
    ["a tool that is new", { ...READ, name: "write" }, "is not in mcprules.lock"],
  ])("%s is hidden, and it is said why", (_, listed, difference) => {
    const { things, problems, records } = review("block", LOCK, listed);
    expect(things).toMatchObject([{ listed: false, hiddenBy: "mcprules.lock" }]);
    expect(problems).toStrictEqual([
      `tool \`${JSON.stringify(listed["name"]).slice(1, -1)}\` of files ${difference}: it is hidden`,
    ]);
    expect(records).toMatchObject([{ verdict: "block", rule: "mcprules.lock", reason: `it ${difference}` }]);
  });

  it("a server that the lock does not know shows nothing, and is told of once", () => {
    const { things, problems } = review("block", lockOf("other", [READ]), READ);
    expect(things).toMatchObject([{ listed: false, hiddenBy: "mcprules.lock" }]);
    expect(problems).toStrictEqual(["files is not in mcprules.lock: each tool of its is hidden"]);
  });

  it("without any lock nothing is shown", () => {
    expect(review("block", undefined, READ).things).toMatchObject([{ listed: false }]);
  });

  it.each<readonly [string, JsonObject, ListedKind]>([
    ["it is as it was, whatever rules make of it", READ, "tool"],
    [
      "only the order of its keys is another",
      { ...READ, inputSchema: { properties: { b: {}, a: {} }, type: "object" } },
      "tool",
    ],
    [
      "only its state is another",
      { ...NOTE, size: 7, annotations: { lastModified: "2026-11-25", priority: 1 } },
      "resource",
    ],
  ])("a thing is shown when %s", (_, listed, kind) => {
    const { things, problems } = review("block", LOCK, listed, kind);
    expect(things).toMatchObject([{ listed: true }]);
    expect(problems).toStrictEqual([]);
  });

  it("a resource whose importance is another is not as it was", () => {
    expect(review("block", LOCK, { ...NOTE, annotations: {} }, "resource").things).toMatchObject([{ listed: false }]);
  });
});

it("under `warn` it is shown and reported", () => {
  const { things, problems } = review("warn", LOCK, { ...READ, description: "Reads and sends." });
  expect(things).toMatchObject([{ listed: true }]);
  expect(problems).toStrictEqual(["tool `read` of files has another `description` than in mcprules.lock"]);
});

it.each([["off" as const], [undefined]])("under %s nobody compares", (pin) => {
  expect(review(pin, LOCK, { ...READ, name: "write" })).toMatchObject({ things: [{ listed: true }], problems: [] });
});
