// What zod says of a settings file, in the author's terms: the place, one clause, and the cure.
import * as z from "zod";
import type { core } from "zod";
import { nearestWord, pathText, type SettingsFault, type SettingsPath } from "./problem.ts";

/** `schema`: the one they are issues of. */
export function issueFaults(issues: readonly core.$ZodIssue[], schema: core.$ZodType): readonly SettingsFault[] {
  return issues.flatMap((issue) => {
    const at = stepsOf(issue.path);
    if (issue.code !== "unrecognized_keys") return [{ at, ...wordingOf(issue, shownStep(at)) }];
    const known = fieldsAt(schema, at);
    return issue.keys.map((key) => unknownField(key, at, known));
  });
}

function shownStep(at: SettingsPath): string {
  const last = at.at(-1);
  if (last === undefined) return "the file";
  return `\`${typeof last === "number" ? pathText(at.slice(-2)) : last}\``;
}

/** What hosts other than ours call the same thing. */
const OTHER_HOSTS: Readonly<Record<string, string>> = {
  servers: "mcpServers",
  context_servers: "mcpServers",
  serverUrl: "url",
  httpUrl: "url",
  environment: "env",
  arguments: "args",
};
/** And values. */
const OTHER_VALUES: Readonly<Record<string, string>> = {
  streamableHttp: "http",
  "streamable-http": "http",
  warning: "warn",
};

function unknownField(key: string, at: SettingsPath, known: readonly string[]): SettingsFault {
  const elsewhere = OTHER_HOSTS[key];
  const meant = elsewhere !== undefined && known.includes(elsewhere) ? elsewhere : nearestWord(key, known);
  const list = known.map((name) => `\`${name}\``).join(", ");
  const ofHost = at[0] === "mcprules" ? "" : "; leave out what only your host reads";
  const help = meant === undefined ? `known here: ${list}${ofHost}` : `did you mean \`${meant}\`?`;
  return { at: [...at, key], isName: true, message: `there is no field \`${key}\` here`, help };
}

function wordingOf(issue: core.$ZodIssue, name: string): Pick<SettingsFault, "message" | "help"> {
  if (isMissing(issue)) return { message: `${name} is missing` };
  switch (issue.code) {
    case "invalid_type":
      return {
        message: isOwnWording(issue) ? `${name} ${issue.message}` : `${name} must be ${typeWord(issue.expected)}`,
      };
    case "invalid_value":
      return isOwnWording(issue) ? { message: `${name} ${issue.message}` } : choiceWording(issue, name);
    case "too_small":
      return { message: isEmpty(issue.origin) ? `${name} is empty` : `${name} must be at least ${issue.minimum}` };
    case "too_big":
      return { message: `${name} must be at most ${issue.maximum}` };
    case "invalid_format":
    case "not_multiple_of":
    case "invalid_union":
    case "invalid_key":
    case "invalid_element":
    case "custom":
    case "unrecognized_keys":
      return { message: `${name} ${issue.message}` };
  }
}

function choiceWording(issue: core.$ZodIssueInvalidValue, name: string): Pick<SettingsFault, "message" | "help"> {
  const choices = issue.values.map(String);
  const { input } = issue;
  const elsewhere = typeof input === "string" ? OTHER_VALUES[input] : undefined;
  const near = typeof input === "string" ? nearestWord(input, choices) : undefined;
  const meant = elsewhere !== undefined && choices.includes(elsewhere) ? elsewhere : near;
  const message = `${name} must be one of ${choices.map((choice) => `\`${choice}\``).join(", ")}`;
  return meant === undefined ? { message } : { message, help: `did you mean \`${meant}\`?` };
}

function isMissing(issue: core.$ZodIssue): boolean {
  return (issue.code === "invalid_type" || issue.code === "invalid_value") && issue.input === undefined;
}

function isEmpty(origin: string): boolean {
  return origin === "string" || origin === "array";
}

/** Zod's own messages begin with a capital letter, ours continue a sentence. */
function isOwnWording(issue: core.$ZodIssue): boolean {
  return /^[a-z]/.test(issue.message);
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "`true` or `false`",
  array: "a list: `[…]`",
  object: "an object: `{…}`",
  record: "an object: `{…}`",
};

function typeWord(expected: string): string {
  return TYPE_WORDS[expected] ?? expected;
}

/** The fields that the schema knows at `path`. */
function fieldsAt(schema: core.$ZodType, path: SettingsPath): readonly string[] {
  const inner = unwrapped(schema);
  const [step, ...rest] = path;
  if (inner instanceof z.ZodRecord) return step === undefined ? [] : fieldsAt(inner.valueType, rest);
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

function stepsOf(path: readonly PropertyKey[]): SettingsPath {
  return path.map((step) => (typeof step === "number" ? step : String(step)));
}
