// The catalogue lock as text: the same for the same servers, read back whole, and refused when it was meddled with.
import { createHash } from "node:crypto";
import { assert, dictionary, jsonValue, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import {
  lockText,
  lockedThings,
  namesInLock,
  readLock,
  type CatalogueLock,
  type LockedServer,
} from "../../src/mcp/catalogue-lock.ts";
import type { JsonObject, JsonValue } from "../../src/mcp/json.ts";
import { sortedJson, sortedJsonLines } from "../../src/mcp/sorted-json.ts";

const digest = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

function server(tools: readonly JsonObject[]): LockedServer {
  return {
    name: "s",
    version: "1.0.0",
    things: lockedThings({ tool: tools, prompt: [], resource: [], template: [] }, digest),
  };
}

function lockOf(servers: Readonly<Record<string, readonly JsonObject[]>>): CatalogueLock {
  return { servers: new Map(Object.entries(servers).map(([name, tools]) => [name, server(tools)])) };
}

function reading(text: string) {
  return readLock(JSON.parse(text) as JsonValue, digest);
}

test("is written sorted, a value a line", () => {
  const text = lockText(lockOf({ b: [], a: [{ name: "x", inputSchema: { type: "object", required: ["q"] } }] }));
  expect(text).toBe(`{
  "lockVersion": 1,
  "servers": {
    "a": {
      "name": "s",
      "tools": {
        "x": {
          "definition": {
            "inputSchema": {
              "required": [
                "q"
              ],
              "type": "object"
            },
            "name": "x"
          },
          "hash": "${digest('{"inputSchema":{"required":["q"],"type":"object"},"name":"x"}')}"
        }
      },
      "version": "1.0.0"
    },
    "b": {
      "name": "s",
      "version": "1.0.0"
    }
  }
}
`);
});

test("says the same whatever the order of servers, things and keys", () => {
  const one = lockOf({ a: [{ name: "x", title: "X" }, { name: "y" }], b: [] });
  const other = lockOf({ b: [], a: [{ name: "y" }, { title: "X", name: "x" }] });
  expect(lockText(one)).toBe(lockText(other));
});

test("of two things of one name the first counts, and those without one are left out", () => {
  const { things } = server([{ name: "x", title: "first" }, { name: "x" }, { title: "nameless" }]);
  expect([...things.tool].map(([own, { definition }]) => [own, definition["title"]])).toStrictEqual([["x", "first"]]);
});

test("is read back as it was", () => {
  assert(
    property(dictionary(string(), jsonValue({ maxDepth: 3 })), string({ minLength: 1 }), (members, name) => {
      const written = lockOf({ s: [{ ...(members as JsonObject), name }] });
      const read = reading(lockText(written));
      expect(read.kind === "lock" && lockText(read.lock)).toBe(lockText(written));
    }),
    { numRuns: 1000 },
  );
});

test("names servers that could not be asked", () => {
  const text = lockText({ ...lockOf({ a: [] }), unasked: ["gone"] });
  expect(text).toContain('"gone": null');
  const read = reading(text);
  expect(read).toMatchObject({ kind: "lock", lock: { unasked: ["gone"] } });
  expect(read.kind === "lock" && namesInLock(read.lock)).toStrictEqual(["a", "gone"]);
});

describe("is refused when", () => {
  const text = lockText(lockOf({ files: [{ name: "read", description: "Reads." }] }));

  test.each([
    [
      "a definition was changed by hand",
      text.replace("Reads.", "Reads and sends."),
      "the hash of `read` does not fit its definition",
    ],
    [
      "a thing is called otherwise than in its definition",
      text.replace('"name": "read"', '"name": "reed"'),
      "`read` is not defined",
    ],
    ["a server has no version", text.replace(/,\s*"version": "1.0.0"/, ""), "a server has no `name` or no `version`"],
    [
      "another version wrote it",
      text.replace('"lockVersion": 1', '"lockVersion": 2'),
      "another version of mcprules wrote it",
    ],
    [
      "its things are no object",
      text.replace(/"tools": \{[\s\S]*?\n {6}\}/, '"tools": []'),
      "`servers.files.tools` is no object",
    ],
    ["it is something else", '{"lockfileVersion": 3}', "it is no lock of mcprules"],
    ["it is no object", "[]", "it is no lock of mcprules"],
  ])("%s", (_, changed, reason) => {
    expect(changed).not.toBe(text);
    expect(reading(changed)).toMatchObject({ kind: "damaged", reason });
  });
});

test("JSON says the same on one line and on several, also with keys that objects treat as their own", () => {
  const value = JSON.parse('{"b": [1, {"__proto__": 2, "10": 3, "9": 4}], "a": [], "é": {}}') as JsonValue;
  expect(sortedJson(value)).toBe('{"a":[],"b":[1,{"10":3,"9":4,"__proto__":2}],"é":{}}');
  expect(JSON.parse(sortedJsonLines(value))).toStrictEqual(value);
});
