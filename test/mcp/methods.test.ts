// Our table of methods against the official SDK's.
import * as sdk from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, test } from "vitest";
import { LISTS } from "../../src/mcp/lists.ts";
import { allMethods, methodFacts } from "../../src/mcp/methods.ts";
import { LEGACY_REVISIONS, settleRevision } from "../../src/mcp/revisions.ts";
import { isFixed } from "../../src/mcp/fixed-fields.ts";
import { methodsOf } from "./sdk-schemas.ts";

describe("the legacy methods are the SDK's", () => {
  const unions = [
    { from: "client", kind: "request", union: sdk.ClientRequestSchema },
    { from: "client", kind: "notification", union: sdk.ClientNotificationSchema },
    { from: "server", kind: "request", union: sdk.ServerRequestSchema },
    { from: "server", kind: "notification", union: sdk.ServerNotificationSchema },
  ];
  test.each(unions)("$kind from the $from", ({ from, kind, union }) => {
    const ours = allMethods().filter(
      (facts) => facts.era !== "modern" && facts.kind === kind && (facts.from === from || facts.from === "either"),
    );
    expect(ours.map((facts) => facts.method).toSorted()).toEqual(methodsOf(union).toSorted());
  });
});

test("no method stands twice", () => {
  const methods = allMethods().map((facts) => facts.method);
  expect(new Set(methods).size).toBe(methods.length);
});

test.each([
  ["tools/call", "tool", "name"],
  ["prompts/get", "prompt", "name"],
  ["resources/read", "resource", "uri"],
  ["notifications/resources/updated", "resource", "uri"],
])("%s carries the %s in %s", (method, thing, key) => {
  expect(methodFacts(method)?.carries).toEqual([{ thing, at: [key] }]);
});

test("what nobody knows has no facts", () => {
  expect(methodFacts("x/y")).toBeUndefined();
});

test.each(LISTS)("$method lists every $kind", ({ method, changed }) => {
  expect(methodFacts(method)).toMatchObject({ kind: "request", from: "client", isEssential: true });
  expect(methodFacts(changed)).toMatchObject({ kind: "notification", from: "server", isEssential: true });
});

test("a handshake settles on what the client wants, if we know it", () => {
  expect(LEGACY_REVISIONS.map(settleRevision)).toEqual(LEGACY_REVISIONS);
  expect(settleRevision("2026-07-28")).toBe("2025-11-25");
  expect(settleRevision("x")).toBe("2025-11-25");
  expect([sdk.LATEST_PROTOCOL_VERSION, ...LEGACY_REVISIONS]).toEqual(
    expect.arrayContaining(sdk.SUPPORTED_PROTOCOL_VERSIONS.filter((revision) => revision !== "2024-10-07")),
  );
});

describe("identity is fixed", () => {
  test.each([
    ["tools/call", "request", "name", true],
    ["tools/call", "request", "name.x", true],
    ["tools/call", "request", "arguments.name", false],
    ["tools/call", "request", "_meta.progressToken", true],
    ["tools/call", "request", "_meta.io/x", false],
    ["tools/call", "request", "_meta.io.modelcontextprotocol/related-task", true],
    ["completion/complete", "request", "ref.uri", true],
    ["completion/complete", "request", "ref.type", false],
    ["tools/list", "request", "cursor", true],
    ["tools/list", "result", "nextCursor", true],
    ["tools/list", "result", "tools.name", true],
    ["tools/list", "result", "tools.title", false],
    ["tools/call", "result", "content.name", false],
    ["x/y", "request", "uri", false],
  ] as const)("%s %s %s: %s", (method, phase, path, expected) => {
    // The keys of `_meta` hold dots themselves.
    const keys = path.startsWith("_meta.") ? ["_meta", path.slice(6)] : path.split(".");
    expect(isFixed(method, phase, keys)).toBe(expected);
  });
});
