// What zod says of a settings file, in the author's terms: the place, one clause, and the cure.
import type { core } from "zod";
import { homeOf, sectionAmongServers } from "./misplaced.ts";
import { nearest } from "../../source/nearest.ts";
import { pathText, type SettingsFault, type SettingsPath } from "./problem.ts";
import { fieldsAt } from "./schema-fields.ts";

/** `schema`: the one they are issues of. */
export function issueFaults(issues: readonly core.$ZodIssue[], schema: core.$ZodType): readonly SettingsFault[] {
  const unknown = issues.filter((issue) => issue.code === "unrecognized_keys");
  const misplaced = unknown.flatMap(({ path, keys }) => sectionAmongServers(stepsOf(path), keys, schema) ?? []);
  if (misplaced.length > 0) return misplaced;
  const meant = unknown.flatMap(({ path, keys }) => {
    const at = stepsOf(path);
    const known = fieldsAt(schema, at);
    return keys.map((key) => pathText([...at, meantField(key, known) ?? key]));
  });
  return issues.flatMap((issue) => {
    const at = stepsOf(issue.path);
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownField(key, at, schema));
    return isThereByOtherName(issue, at, meant) ? [] : [{ at, ...wordingOf(issue, shownStep(at)) }];
  });
}

/** A field that is missing under its name, and is there under one that was meant for it. */
function isThereByOtherName(issue: core.$ZodIssue, at: SettingsPath, meant: readonly string[]): boolean {
  const isServer = at.length === 3 && at[0] === "mcpServers" && issue.code === "custom";
  const wanted = isServer && at[2] === "command" ? ["command", "url"] : [at.at(-1) ?? ""];
  const isLacking = isMissing(issue) || (isServer && issue.message === "is missing");
  return isLacking && wanted.some((field) => meant.includes(pathText([...at.slice(0, -1), field])));
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
  transport: "type",
  transportType: "type",
};
/** And values. */
const OTHER_VALUES: Readonly<Record<string, string>> = {
  streamableHttp: "http",
  "streamable-http": "http",
  warning: "warn",
};

function unknownField(key: string, at: SettingsPath, schema: core.$ZodType): SettingsFault {
  const known = fieldsAt(schema, at);
  const help = homeOf(key, at, schema) ?? helpAmong(key, known, at);
  return { at: [...at, key], isName: true, message: `there is no field \`${key}\` here`, ...(help && { help }) };
}

function helpAmong(key: string, known: readonly string[], at: SettingsPath): string | undefined {
  const meant = meantField(key, known);
  if (meant !== undefined) return `did you mean \`${meant}\`?`;
  if (known.length === 0) return undefined;
  const ofHost = at[0] === "mcprules" ? "" : "; leave out what only your host reads";
  return `known here: ${known.map((name) => `\`${name}\``).join(", ")}${ofHost}`;
}

function meantField(key: string, known: readonly string[]): string | undefined {
  const elsewhere = OTHER_HOSTS[key];
  return elsewhere !== undefined && known.includes(elsewhere) ? elsewhere : nearest(key, known);
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
  const near = typeof input === "string" ? nearest(input, choices) : undefined;
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

function stepsOf(path: readonly PropertyKey[]): SettingsPath {
  return path.map((step) => (typeof step === "number" ? step : String(step)));
}
