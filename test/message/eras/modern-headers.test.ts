// Headers of the modern era: made from a body, and compared with one.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEnvelope, type RequestEnvelope } from "../../../src/message/envelope.ts";
import { headerValue, textOfHeader } from "../../../src/message/eras/header-value.ts";
import { headerFault, modernHeaders } from "../../../src/message/eras/modern-headers.ts";

function request(method: string, params: object): RequestEnvelope {
  const read = readEnvelope(Buffer.from(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params })), { depth: 50 });
  if (read.kind !== "request") throw new Error("no request");
  return read;
}

const REVISION = "2026-07-28";

describe("a text in a header", () => {
  // 2026-07-28, Streamable HTTP, Value Encoding: its own examples.
  test.each([
    ["us-west1", "us-west1"],
    ["Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="],
    [" padded ", "=?base64?IHBhZGRlZCA=?="],
    ["line1\nline2", "=?base64?bGluZTEKbGluZTI=?="],
    ["=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="],
    ["", ""],
    ["a b\tc", "a b\tc"],
    ["\u007f", "=?base64?fw==?="],
  ])("%j is %s", (text, value) => {
    expect(headerValue(text)).toBe(value);
    expect(textOfHeader(value)).toBe(text);
  });

  test.each([
    ["padding is missing", "=?base64?SGVsbG8?="],
    ["it is no base64", "=?base64?SGVs!!!bG8=?="],
    ["it is base64 of another alphabet", "=?base64?4pyT-_8=?="],
    ["it is not UTF-8", "=?base64?/w==?="],
    ["a letter is beyond ASCII", "caf\u00e9"],
    ["a character controls", "a\u0001b"],
    ["it ends in a space", "a "],
  ])("cannot be told where %s", (_, value) => {
    expect(textOfHeader(value)).toBeUndefined();
  });

  test.each(["=?base64?SGVsbG8=", "SGVsbG8=?=", "=?BASE64?SGVsbG8=?="])("%s means itself", (value) => {
    expect(textOfHeader(value)).toBe(value);
  });

  test("whatever it is, comes back, and fits into a header", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(headerValue(text)).toMatch(/^[\x20-\x7e\t]*$/);
        expect(textOfHeader(headerValue(text))).toBe(text);
      }),
    );
  });
});

describe("made from a body", () => {
  test.each([
    ["tools/call", { name: "größe" }, "=?base64?Z3LDtsOfZQ==?="],
    ["prompts/get", { name: "p" }, "p"],
    ["resources/read", { uri: "file:///a%20b" }, "file:///a%20b"],
    ["tasks/get", { taskId: "t" }, "t"],
    ["tasks/update", { taskId: "t" }, "t"],
    ["tasks/cancel", { taskId: "t" }, "t"],
    ["tools/list", { name: "no" }, undefined],
    ["subscriptions/listen", {}, undefined],
    ["tools/call", { name: 7 }, undefined],
  ])("of %s %j: `Mcp-Name` %s", (method, params, name) => {
    const common = { "mcp-protocol-version": REVISION, "mcp-method": method };
    expect(modernHeaders(request(method, params), REVISION)).toEqual(
      name === undefined ? common : { ...common, "mcp-name": name },
    );
  });

  test("calls that could be taken for one another have headers of their own", () => {
    const calls = [
      request("tools/call", { name: " " }),
      request("tools/call ", {}),
      request("tools/call  ", {}),
      request("tools/call", { name: "" }),
      request("tools/call", {}),
      request("tools/call", { name: "a b" }),
      request("tools/call a", { name: "b" }),
    ];
    for (const call of [...calls, ...calls])
      expect(modernHeaders(call, REVISION)).toEqual(modernHeaders(call, REVISION, {}));
    expect(new Set(calls.map((call) => JSON.stringify(modernHeaders(call, REVISION)))).size).toBe(calls.length);
  });

  test("the same call under another revision has that one", () => {
    const call = request("tools/call", { name: "revised" });
    for (const revision of [REVISION, "2027-01-01", REVISION])
      expect(modernHeaders(call, revision)).toMatchObject({ "mcp-protocol-version": revision });
  });

  test("a method that no header can hold breaks out of none", () => {
    const headers = modernHeaders(request("x\r\nevil: 1", {}), REVISION, { "mcp-param-a": "1", "mcp-method": "y" });
    expect(headers).toEqual({
      "mcp-param-a": "1",
      "mcp-protocol-version": REVISION,
      "mcp-method": "=?base64?eA0KZXZpbDogMQ==?=",
    });
  });
});

describe("compared with a body", () => {
  const call = request("tools/call", { name: "größe" });
  const good = modernHeaders(call, REVISION);

  test.each([
    ["all of them fit", good, undefined],
    ["the revision is missing", { ...good, "mcp-protocol-version": undefined }, "`MCP-Protocol-Version` is missing"],
    ["the revision is another", { ...good, "mcp-protocol-version": "2025-11-25" }, '`MCP-Protocol-Version` says "2025'],
    ["the method is missing", { ...good, "mcp-method": undefined }, "`Mcp-Method` is missing"],
    ["the method is another", { ...good, "mcp-method": "tools/list" }, '`Mcp-Method` says "tools/list"'],
    ["the method is in another case", { ...good, "mcp-method": "Tools/Call" }, '`Mcp-Method` says "Tools/Call"'],
    ["the name is missing", { ...good, "mcp-name": undefined }, "`Mcp-Name` is missing"],
    ["the name is another", { ...good, "mcp-name": "other" }, '`Mcp-Name` says "other"'],
    ["the name is Latin-1", { ...good, "mcp-name": "gr\u00f6\u00dfe" }, "`Mcp-Name` holds no text"],
    ["the name is no base64", { ...good, "mcp-name": "=?base64?Z3LDtsOfZQ?=" }, "`Mcp-Name` holds no text"],
    ["there are more", { ...good, "mcp-param-x": "1", "mcp-session-id": "s" }, undefined],
  ])("%s", (_, given, fault) => {
    const found = headerFault(given, call, REVISION);
    expect(found?.includes(fault ?? "?")).toBe(fault === undefined ? undefined : true);
  });

  test.each([
    ["as it stands in the body", 'a"b', 'a\\"b', "says"],
    ["as it is", 'a"b', 'a"b', undefined],
    ["as it is, though that means another", "=?base64?YQ==?=", "=?base64?YQ==?=", 'says "a"'],
    ["shorter", "ab", "a", "says"],
    ["longer", "ab", "abc", "says"],
  ])("a name that is said %s: %j", (_, name, given, fault) => {
    const named = request("tools/call", { name });
    const found = headerFault({ ...modernHeaders(named, REVISION), "mcp-name": given }, named, REVISION);
    expect(found?.includes(fault ?? "?")).toBe(fault === undefined ? undefined : true);
  });

  test("a body without a name wants none", () => {
    const list = request("tools/list", {});
    expect(headerFault({ ...modernHeaders(list, REVISION), "mcp-name": "x" }, list, REVISION)).toBeUndefined();
  });
});
