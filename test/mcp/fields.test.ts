// Our table of fields against the official SDK's schemas, in both directions.
import * as sdk from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, test } from "vitest";
import { fieldAt, fieldsOf, fieldsOfThing, type FieldTree } from "../../src/mcp/fields.ts";
import { LISTS } from "../../src/mcp/lists.ts";
import { allMethods } from "../../src/mcp/methods.ts";
import { fieldPaths, paramsOf, RESULT_SCHEMAS, type FieldPath } from "./sdk-schemas.ts";

/** Ends of paths that the SDK's legacy schemas do not have: 2026-07-28, and what they leave out of 2025-11-25. */
const BEYOND_SDK: readonly RegExp[] = [
  /^\.(inputResponses|inputRequests|requestState|resultType|ttlMs|cacheScope)$/,
  /^\.(result|error|title)$/,
  /^\.ref\.title$/,
  /\.arguments\[\]\.title$/,
  /\.(capabilities|sampling|elicitation|roots|prompts|resources|tools|tasks|requestedSchema|form|url)\{\}$/,
  /^\{\}$/,
];

const UNIONS = [
  sdk.ClientRequestSchema,
  sdk.ClientNotificationSchema,
  sdk.ServerRequestSchema,
  sdk.ServerNotificationSchema,
];
const SDK_PARAMS = UNIONS.flatMap((union) => Array.from(paramsOf(union)));
const SDK_RESULTS = Object.entries(RESULT_SCHEMAS).map(([method, schemas]) => {
  const paths = [schemas].flat().flatMap((schema) => Array.from(fieldPaths(schema)));
  return [method, new Set(paths)] as const;
});

describe("every field of the SDK is in our table", () => {
  test.each(SDK_PARAMS)("params of %s", (method, paths) => {
    expect(missing(fieldsOf(method, "request"), paths)).toEqual([]);
  });

  test.each(SDK_RESULTS)("result of %s", (method, paths) => {
    expect(missing(fieldsOf(method, "result"), paths)).toEqual([]);
  });
});

describe("our table has nothing that the SDK does not know, but what is named above", () => {
  test.each(SDK_PARAMS)("params of %s", (method, paths) => {
    expect(surplus(fieldsOf(method, "request"), paths)).toEqual([]);
  });

  test.each(SDK_RESULTS)("result of %s", (method, paths) => {
    expect(surplus(fieldsOf(method, "result"), paths)).toEqual([]);
  });
});

test.each(allMethods())("$method has params, and a result and an error if it is a request", ({ method, kind }) => {
  const phases = (["request", "result", "error"] as const).filter((phase) => fieldsOf(method, phase) !== undefined);
  expect(phases).toEqual(kind === "request" ? ["request", "result", "error"] : ["request"]);
});

test("what nobody knows has no fields", () => {
  expect(fieldsOf("x/y", "request")).toBeUndefined();
});

test.each(LISTS)("the definition of a $kind is what stands in its list", ({ kind, method, member, identity }) => {
  expect(fieldAt(fieldsOf(method, "result"), [member])?.entries).toBe(fieldsOfThing(kind));
  expect(fieldAt(fieldsOfThing(kind), [identity])?.kind).toBe("scalar");
});

function missing(fields: FieldTree | undefined, paths: ReadonlySet<FieldPath>): readonly FieldPath[] {
  return [...paths].filter((path) => !knows(fields, path));
}

function surplus(fields: FieldTree | undefined, paths: ReadonlySet<FieldPath>): readonly FieldPath[] {
  const ours: FieldPath[] = [];
  walk(fields, "", ours);
  return ours.filter((path) => !paths.has(path) && !BEYOND_SDK.some((known) => known.test(path)));
}

/** Whether a path of the SDK is a path of ours, or leads into what nothing is known of. */
function knows(fields: FieldTree | undefined, path: FieldPath): boolean {
  let at = fields;
  for (const step of path.match(/\[\]|\{\}|\.(?:io\.[^.]+\/[^.]+|[^.[{]+)/g) ?? []) {
    if (at === undefined || at.kind === "any") return at !== undefined;
    if (step === "{}") return at.isOpen;
    if (step === "[]" && at.kind === "either") continue;
    at = step === "[]" ? at.entries : at.members?.get(step.slice(1));
  }
  return at !== undefined;
}

function walk(fields: FieldTree | undefined, path: FieldPath, found: FieldPath[]): void {
  if (fields === undefined || path.split(".").length > 6) return;
  if (fields.kind === "list" || fields.kind === "either") found.push(`${path}[]`);
  if (fields.isOpen && fields.kind !== "any") found.push(`${path}{}`);
  walk(fields.entries, `${path}[]`, found);
  for (const [key, member] of fields.members ?? []) {
    found.push(`${path}.${key}`);
    walk(member, `${path}.${key}`, found);
  }
}
