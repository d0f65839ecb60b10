// The settings document as plain values, with `${NAME}` and `${NAME:-default}` filled in from the environment.
import type { MemberNode, ValueNode } from "@humanwhocodes/momoa";
import { type LinePlace, nameOf, startOf } from "./document.ts";
import type { SettingsPath, SettingsProblem } from "./problem.ts";
import { pathText } from "./problem.ts";
import { hostVariableHelp, namesVariable, variableNameFault } from "./variables.ts";

export type Environment = Readonly<Record<string, string | undefined>>;
export type PlainValue = null | boolean | number | string | readonly PlainValue[] | PlainObject;
export interface PlainObject {
  readonly [key: string]: PlainValue;
}

export interface Expansion {
  readonly value: PlainValue;
  readonly problems: readonly SettingsProblem[];
}

/** Servers that are disabled are left out whole: what they name need not be there. */
export function expandDocument(file: string, root: ValueNode, environment: Environment): Expansion {
  const problems: SettingsProblem[] = [];
  const report: Report = (place, path, message, help) =>
    problems.push({ file, ...place, path: pathText(path), message, help });
  const value = plainValue(root, [], { environment, report });
  return { value, problems };
}

type Report = (place: LinePlace, path: SettingsPath, message: string, help: string) => void;

interface Surroundings {
  readonly environment: Environment;
  readonly report: Report;
}

function plainValue(node: ValueNode, path: SettingsPath, around: Surroundings): PlainValue {
  switch (node.type) {
    case "String":
      return textOf(node.value, path, (message, help) => around.report(startOf(node.loc), path, message, help), around);
    case "Number":
    case "Boolean":
      return node.value;
    case "Array":
      return node.elements.map((element, index) => plainValue(element.value, [...path, index], around));
    case "Object":
      return plainObject(node.members, path, around);
    case "Null":
    case "NaN":
    case "Infinity":
      return null;
  }
}

function plainObject(members: readonly MemberNode[], path: SettingsPath, around: Surroundings): PlainObject {
  const object: Record<string, PlainValue> = {};
  for (const member of members) {
    const name = nameOf(member);
    const inside = [...path, name];
    const refuse = (message: string, help: string) => around.report(startOf(member.name.loc), inside, message, help);
    if (Object.hasOwn(object, name)) refuse(`\`${name}\` stands here twice`, "keep one of the two");
    else if (name === "__proto__") refuse("`__proto__` cannot be a name here", "choose another name");
    else if (!isDisabledServer(member, path)) object[name] = plainValue(member.value, inside, around);
  }
  return object;
}

function isDisabledServer({ value }: MemberNode, path: SettingsPath): boolean {
  if (path.length !== 1 || path[0] !== "mcpServers" || value.type !== "Object") return false;
  return value.members.some(
    (member) => nameOf(member) === "disabled" && member.value.type === "Boolean" && member.value.value,
  );
}

type Refuse = (message: string, help: string) => void;

function textOf(text: string, path: SettingsPath, refuse: Refuse, around: Surroundings): string {
  if (!namesVariable(path)) return expandText(text, refuse, around);
  const fault = variableNameFault(text);
  if (fault === undefined) return text;
  refuse(fault.message, fault.help);
  return "";
}

function expandText(text: string, refuse: Refuse, { environment }: Surroundings): string {
  return text.replaceAll(/\$\{([^}]*)\}/g, (written: string, inside: string) => {
    const [, name, fallback] = /^([A-Za-z_]\w*)(?::-(.*))?$/s.exec(inside) ?? [];
    const ofHost = hostVariableHelp(inside);
    if (ofHost !== undefined && environment[inside] === undefined) {
      refuse(`\`${written}\` is a variable of your host, which the proxy does not know`, ofHost);
      return "";
    }
    if (name === undefined) {
      const plain = /[A-Za-z_]\w*$/.exec(inside)?.[0] ?? "NAME";
      refuse(`\`${written}\` is not understood`, `write \`\${${plain}}\` or \`\${${plain}:-default}\``);
      return "";
    }
    const value = environment[name];
    // As in a shell, a default also stands in for a variable that is set to nothing.
    if (fallback !== undefined) return value === undefined || value === "" ? fallback : value;
    if (value === undefined) {
      refuse(`the environment variable \`${name}\` is not set`, `set it, or give a default: \`\${${name}:-default}\``);
    }
    return value ?? "";
  });
}
