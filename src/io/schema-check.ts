// JSON Schema for the engine: whether the arguments of a call fit what is advertised. Loaded only for policies that change schemas.
import type { AnySchema, Options, ValidateFunction } from "ajv";
import type { Admits } from "../engine/index-policy.ts";
import { compileRegex } from "../expression/regex/regex.ts";
import type { CompiledPolicy, CompiledRule, CompiledTarget } from "../language/compiled-policy.ts";
import type { JsonObject, JsonValue } from "../mcp/json.ts";
import { messageOf } from "./thrown.ts";

/** `undefined` where no rule can change an `inputSchema`, and no module a result: nothing will be asked then. */
export async function schemaCheckFor(policy: CompiledPolicy): Promise<Admits | undefined> {
  return policy.rules.some((rule) => mayChangeSchema(rule) || callsModule(rule)) ? loadSchemaCheck() : undefined;
}

/** The validator, whatever the policy says. */
async function loadSchemaCheck(): Promise<Admits> {
  // Of a CommonJS package that is loaded late, a bundle keeps `default` only.
  const [{ default: ajv7 }, { default: ajv2019 }, { default: ajv2020 }] = await Promise.all([
    import("ajv"),
    import("ajv/dist/2019.js"),
    import("ajv/dist/2020.js"),
  ]);
  const newest = new ajv2020.Ajv2020(OPTIONS);
  const byDialect = new Map([
    ["2020-12", newest],
    ["2019-09", new ajv2019.Ajv2019(OPTIONS)],
    ["draft-07", new ajv7.Ajv(OPTIONS)],
  ]);
  const compiled = new WeakMap<JsonObject, Compiled>();
  return (schema, value) => {
    let check = compiled.get(schema);
    if (check === undefined) {
      const dialect = dialectOf(schema);
      const ajv = dialect === undefined ? newest : byDialect.get(dialect);
      check = ajv === undefined ? `its schema is written in ${dialect}` : compile(schema, (one) => ajv.compile(one));
      compiled.set(schema, check);
    }
    return typeof check === "string" ? check : misfit(check, value);
  };
}

/** A text says why the schema cannot be judged. */
type Compiled = ValidateFunction | string;

const OPTIONS: Options = {
  strict: false,
  // In 2020-12 a format is an annotation, unless a schema asks for more than anybody has.
  validateFormats: false,
  // Two tools may use the same `$id`.
  addUsedSchema: false,
  ownProperties: true,
  logger: false,
  // Patterns come from servers: linear time for them too.
  code: { regExp: Object.assign(linearRegex, { code: "" }) },
};

/** Ajv takes two of them for one when their texts are the same. */
function linearRegex(source: string): { test: (text: string) => boolean; toString: () => string } {
  const compiled = compileRegex(source, "");
  if (compiled.kind === "problem") throw new Error(`pattern ${source}: ${compiled.message}`);
  const { regex } = compiled;
  return { test: (text) => regex.test(text), toString: () => source };
}

function dialectOf({ $schema }: JsonObject): string | undefined {
  if (typeof $schema !== "string") return undefined;
  return /^https?:\/\/json-schema\.org\/(?:draft\/)?(.*?)\/schema#?$/.exec($schema)?.[1] ?? $schema;
}

function compile(schema: JsonObject, withAjv: (schema: AnySchema) => ValidateFunction): Compiled {
  try {
    return withAjv(schema);
  } catch (error) {
    return `its schema cannot be used: ${messageOf(error)}`;
  }
}

function misfit(check: ValidateFunction, value: JsonValue): string | undefined {
  if (check(value)) return undefined;
  const error = check.errors?.[0];
  const at = error?.instancePath.slice(1).replaceAll("/", ".") ?? "";
  const said = error?.message ?? "they do not fit the schema";
  return at === "" ? said : `${at} ${said}`;
}

function callsModule(rule: CompiledRule): boolean {
  return rule.transforms.some(({ kind }) => kind === "call");
}

function mayChangeSchema(rule: CompiledRule): boolean {
  const isChanging = rule.transforms.some((transform) => transform.kind !== "rename");
  return isChanging && rule.head.targets.some(mayTouchDefinitions);
}

function mayTouchDefinitions(target: CompiledTarget): boolean {
  switch (target.kind) {
    case "thing":
      return target.thing === "tool";
    case "method":
      return target.phase !== "request" && target.method.matchesName("tools/list") !== "no";
    case "any":
      return target.of === "message" || target.of === "reply" || target.of === "result";
  }
}
