// The floors hold: nothing imports upwards or in a ring, and floors 0 to 3 are free of time, chance and the world.
import { describe, expect, test } from "vitest";
import { areaOf, FLOORS, layeringFaults } from "./layering.ts";
import { readSources } from "./syntax.ts";

describe("the files of src", () => {
  const files = readSources("src");

  test("keep to the floors", () => expect(layeringFaults(files)).toEqual([]));

  test("were all seen", () => {
    expect(files.length).toBeGreaterThan(60);
    expect(new Set(files.map(({ path }) => areaOf(path)))).toEqual(new Set(Object.keys(FLOORS)));
  });
});

/** A small tree in which all is well; a planted file is added to it or takes the place of one. */
const SOUND = {
  "src/mcp/json.ts": "export type Json = string;",
  "src/source/span.ts": "export interface Span { readonly process: number }",
  "src/expression/path.ts": 'import jsonata from "jsonata"; export const path = jsonata;',
  "src/language/compiled-policy.ts": 'import type { Json } from "../mcp/json.ts"; export type Policy = Json;',
  "src/language/parse.ts": 'import { Lexer } from "chevrotain"; export const lexer = Lexer;',
  "src/engine/judge.ts": 'import type { Policy } from "../language/compiled-policy.ts"; export type Judge = Policy;',
  "src/io/channel.ts":
    'import { readFile } from "node:fs/promises"; import pino from "pino"; export const f = [readFile, pino, Date.now()];',
  "src/serve.ts": 'import { f } from "./io/channel.ts"; export const serve = async () => await f;',
  "src/cli/main.ts":
    'import { program } from "commander"; const { serve } = await import("../serve.ts"); program.action(serve);',
};

function faultsWith(planted: Readonly<Record<string, string>>): readonly string[] {
  return layeringFaults(Object.entries({ ...SOUND, ...planted }).map(([path, text]) => ({ path, text })));
}

describe("the checker", () => {
  test("has nothing against a sound tree", () => expect(faultsWith({})).toEqual([]));

  test.each([
    [
      "an import from above",
      "src/source/a.ts",
      'import { f } from "../io/channel.ts";',
      "source may not import io/channel.ts",
    ],
    [
      "a type from above",
      "src/mcp/a.ts",
      'import type { Span } from "../source/span.ts";',
      "mcp may not import source/span.ts",
    ],
    [
      "an inline type from above",
      "src/mcp/a.ts",
      'type A = import("../source/span.ts").Span;',
      "mcp may not import source/span.ts",
    ],
    [
      "typeof a module above",
      "src/mcp/a.ts",
      'type A = typeof import("../source/span.ts");',
      "mcp may not import source/span.ts",
    ],
    [
      "a re-export from above",
      "src/mcp/a.ts",
      'export { Span } from "../source/span.ts";',
      "mcp may not import source/span.ts",
    ],
    [
      "a star export from above",
      "src/mcp/a.ts",
      'export * from "../source/span.ts";',
      "mcp may not import source/span.ts",
    ],
    ["a dynamic import from above", "src/io/a.ts", 'void import("../serve.ts");', "io may not import serve.ts"],
    [
      "a require from above",
      "src/mcp/a.ts",
      'import a = require("../source/span.ts");',
      "mcp may not import source/span.ts",
    ],
    [
      "a neighbour that is not below",
      "src/message/a.ts",
      'import "../source/span.ts";',
      "message may not import source/span.ts",
    ],
    [
      "the parser in the engine",
      "src/engine/a.ts",
      'import "../language/parse.ts";',
      "engine may not import language/parse.ts",
    ],
    [
      "the dispatcher's view of a policy",
      "src/dispatch/a.ts",
      'import "../language/compiled-policy.ts";',
      "dispatch may not import language/compiled-policy.ts",
    ],
    ["the composition root in io", "src/io/a.ts", 'import "../serve.ts";', "io may not import serve.ts"],
    ["a file that is not there", "src/mcp/a.ts", 'import "./gone.ts";', "imports ./gone.ts, which is no file of src"],
    [
      "a built-in on floor 1",
      "src/message/a.ts",
      'import { join } from "node:path";',
      "message may not import node:path",
    ],
    [
      "the type of a built-in on floor 2",
      "src/engine/a.ts",
      'import type { Socket } from "node:net";',
      "engine may not import node:net",
    ],
    ["a built-in without node:", "src/language/a.ts", 'import fs from "fs";', "language may not import the package fs"],
    [
      "a package of another floor",
      "src/engine/a.ts",
      'import jsonata from "jsonata";',
      "engine may not import the package jsonata",
    ],
    [
      "a file inside such a package",
      "src/language/a.ts",
      'import "re2js/build/x.js";',
      "language may not import the package re2js",
    ],
    [
      "the SDK in the dispatcher",
      "src/dispatch/a.ts",
      'import "@modelcontextprotocol/sdk/types.js";',
      "dispatch may not import the package @modelcontextprotocol/sdk",
    ],
    ["a folder without a floor", "src/utils/a.ts", "export {};", "stands on no floor"],
  ])("sees %s", (_, path, text, fault) => expect(faultsWith({ [path]: text })).toEqual([`${path}:1: ${fault}`]));

  test.each([
    ["a promise", "const a = new Promise(() => {});", "Promise"],
    ["the type of a promise", "let a: Promise<void>;", "Promise"],
    ["an async function", "async function f() {}", "async"],
    ["an async method", "class A { async f() {} }", "async"],
    ["an async arrow", "const f = async () => 1;", "async"],
    ["a wait", "await 1;", "await"],
    ["a loop that waits", "for await (const a of []) {} export {};", "await"],
    ["a promise in disguise", "ask().then(go);", ".then()"],
    ["a lazy import", 'import("./judge.ts");', "import()"],
    ["the clock", "const a = Date.now();", "Date"],
    ["the clock, made an object", "const a = new Date();", "Date"],
    ["the clock under another name", "const { now } = Date;", "Date"],
    ["chance", "const a = Math.random();", "Math.random"],
    ["a timer", "setTimeout(f, 1);", "setTimeout"],
    ["the environment", "const a = process.env;", "process"],
    ["a shorthand", "const a = { process };", "process"],
    ["a global by a detour", "const a = globalThis.fetch;", "globalThis"],
    ["the terminal", "console.log(1);", "console"],
  ])("sees %s on floor 2", (_, text, what) =>
    expect(faultsWith({ "src/engine/a.ts": text })).toEqual([`src/engine/a.ts:1: engine may not use ${what}`]),
  );

  test.each([
    ["a field that is named like a global", "const a = b.process; const c = { console: 1 };"],
    ["a date that is given", "const a = new Date(0).toISOString() + Date.UTC(2026, 0);"],
    ["a word in a text or comment", 'const a = "await Promise"; // setTimeout'],
    ["a name the file gives to something of its own", "const global = 1; const f = (process) => process + global;"],
    ["a field called then", "const a = rule.then;"],
  ])("has nothing against %s", (_, text) => expect(faultsWith({ "src/engine/a.ts": text })).toEqual([]));

  test("sees a ring of types across files, once", () =>
    expect(
      faultsWith({
        "src/engine/a.ts": 'import type { B } from "./b.ts"; export type A = B;',
        "src/engine/b.ts": 'export { C } from "./c.ts";',
        "src/engine/c.ts": 'export type C = import("./a.ts").A;',
      }),
    ).toEqual(["src/engine/a.ts:1: cycle src/engine/a.ts -> src/engine/b.ts -> src/engine/c.ts -> src/engine/a.ts"]));

  test("names the line", () =>
    expect(faultsWith({ "src/mcp/a.ts": '// A.\n\nimport "../source/span.ts";' })).toEqual([
      "src/mcp/a.ts:3: mcp may not import source/span.ts",
    ]));

  test("stops at a file that does not parse, rather than not seeing it", () =>
    expect(() => faultsWith({ "src/mcp/a.ts": "import {" })).toThrow("src/mcp/a.ts does not parse"));
});
