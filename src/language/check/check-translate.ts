// `translate`: texts that people read, to a language that there is, by a translator that the settings name.
import { parsePath } from "../../expression/path.ts";
import { readabilityOf, readabilityOfThing, readableFieldsOf, type Readability } from "../../mcp/readable-fields.ts";
import type { ActionNode } from "../tree/ast-actions.ts";
import type { Written } from "../tree/ast-values.ts";
import { checkField } from "./check-fields.ts";
import { tagMistake } from "../language-tag.ts";
import { hasField } from "./missing-fields.ts";
import { nameOfReached, type Reached } from "../reach.ts";
import { error, warning } from "../report.ts";
import type { Scope } from "../scope.ts";

type Translate = ActionNode & { kind: "translate" };

export function checkTranslate(action: Translate, reached: readonly Reached[], scope: Scope): void {
  const mistake = tagMistake(action.to.text);
  if (mistake !== undefined) scope.report(error("MR409", action.to.span, mistake.message, mistake.help));
  for (const path of action.paths) checkPath(path, reached, scope);
  if (action.paths.length === 0) checkReadable(action, reached, scope);
}

function checkPath(path: Written, reached: readonly Reached[], scope: Scope): void {
  checkField(path, reached, scope);
  const about = reached.find((one) => readability(one, path) !== undefined);
  if (
    about === undefined ||
    !hasField(parsePath(path.text), reached) ||
    reached.some((one) => READ.has(readability(one, path) ?? "anything"))
  )
    return;
  const message = `\`${path.text}\` of ${nameOfReached(about)} is not for people to read`;
  const help = "programs go by it: names, addresses, types, codes and the like stay as they are";
  scope.report(error("MR518", path.span, message, help));
}

const READ: ReadonlySet<Readability> = new Set(["readable", "anything"]);

/** `undefined`: the path leads elsewhere, or nothing is known of it. */
function readability(reached: Reached, path: Written): Readability | undefined {
  const { steps, absolute } = parsePath(path.text);
  const keys = steps.flatMap((step) => (step.kind === "member" ? [step.key] : []));
  if (reached.kind === "thing") return absolute ? undefined : readabilityOfThing(reached.thing, keys);
  if (reached.kind === "unknown" || reached.phase === "failure") return undefined;
  const { method, phase } = reached;
  if (!absolute)
    return readabilityOf(method.method, phase, phase === "request" ? [...method.body.slice(1), ...keys] : keys);
  return keys[0] === PARTS[phase] ? readabilityOf(method.method, phase, keys.slice(1)) : undefined;
}

const PARTS = { request: "params", result: "result", error: "error" } as const;

/** Without paths, what may be people's data stays as it is, and on most results that is all there is. */
function checkReadable(action: Translate, reached: readonly Reached[], scope: Scope): void {
  const fields = reached.map(fieldsOf);
  if (reached.length === 0 || fields.some((one) => one === undefined || one.some(isAlways))) return;
  const [about] = reached;
  const named = fields.find((one) => one !== undefined && one.length > 0)?.[0];
  if (named !== undefined) {
    const help = `what may be people's data is translated where it is named: \`translate in ${pathOf(named)} to "${action.to.text}"\``;
    scope.report(warning("MR589", action.span, "nothing of it is translated unless it is named", help));
  } else if (about !== undefined) {
    scope.report(error("MR510", action.span, `nothing of ${nameOfReached(about)} is for people to read`));
  }
}

type Fields = ReturnType<typeof readableFieldsOf>;

function fieldsOf(reached: Reached): Fields | undefined {
  if (reached.kind !== "message" || reached.phase === "failure") return undefined;
  return readableFieldsOf(reached.method.method, reached.phase);
}

/** What a task says of itself stands in hardly any result. */
function isAlways({ mark, keys }: Fields[number]): boolean {
  return mark === "always" && keys[0] !== "task";
}

const LISTS: ReadonlySet<string> = new Set(["content", "contents", "messages"]);

function pathOf({ keys }: Fields[number]): string {
  return keys.map((key, index) => (index === 0 && LISTS.has(key) ? `${key}[*]` : key)).join(".");
}
