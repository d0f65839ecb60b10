// Which fields a schema knows, and where.
import * as z from "zod";
import type { core } from "zod";
import type { SettingsPath } from "./problem.ts";

/** None: there is no object at `path`, or one with any names. */
export function fieldsAt(schema: core.$ZodType, path: SettingsPath): readonly string[] {
  const inner = unwrapped(schema);
  const [step, ...rest] = path;
  if (inner instanceof z.ZodRecord) return step === undefined ? [] : fieldsAt(inner.valueType, rest);
  if (inner instanceof z.ZodArray) return step === undefined ? [] : fieldsAt(inner.element, rest);
  if (!(inner instanceof z.ZodObject)) return [];
  const shape: Readonly<Record<string, core.$ZodType>> = inner.shape;
  if (step === undefined) return Object.keys(shape);
  const next = shape[step];
  return next === undefined ? [] : fieldsAt(next, rest);
}

function unwrapped(schema: core.$ZodType): core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return unwrapped(schema.unwrap());
  }
  return schema;
}
