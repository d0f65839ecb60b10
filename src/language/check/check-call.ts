// `call`: on messages that modules are shown, with settings that are an object.
import { interceptorEvent } from "../../mcp/interceptor-events.ts";
import { isJsonObject } from "../../mcp/json.ts";
import type { ActionNode } from "../tree/ast-actions.ts";
import type { Reached } from "../reach.ts";
import { error } from "../report.ts";
import type { Scope } from "../scope.ts";

type Call = ActionNode & { kind: "call" };

export function checkCall(action: Call, reached: readonly Reached[], scope: Scope): void {
  const { config, module, span } = action;
  if (config !== undefined && !isJsonObject(config.value)) {
    scope.report(error("MR407", config.span, `what \`${module.text}\` is told is an object, and this is a list`));
  }
  if (config !== undefined && isJsonObject(config.value)) checkLocked(action, Object.keys(config.value), scope);
  if (reached.some((one) => one.kind === "thing")) {
    const help = "a module is shown messages: `when tools/call …`, or `when result of tools/list` for what lists say";
    scope.report(error("MR510", span, "a thing is not shown to modules", help));
  } else if (reached.length > 0 && reached.every(isUnseen)) {
    scope.report(error("MR510", span, "no module is shown such a message"));
  }
}

/** The proxy would leave them out: a rule that counts on them does something else. */
function checkLocked({ config, module }: Call, keys: readonly string[], { modules, report }: Scope): void {
  const locked = modules?.find(({ name }) => name === module.text)?.locked ?? [];
  const key = keys.find((one) => locked.includes(one));
  if (key === undefined || config === undefined) return;
  const help = `leave it out, or take it from \`locked\` of \`mcprules.modules.${module.text}\``;
  report(error("MR315", config.span, `\`${key}\` of \`${module.text}\` is for the settings alone`, help));
}

function isUnseen(reached: Reached): boolean {
  return reached.kind === "message" && interceptorEvent(kindOf(reached), reached.method.method) === undefined;
}

/** How the message itself is called: a failure may be a result. */
function kindOf({ phase, method }: Reached & { kind: "message" }): "request" | "notification" | "result" | "error" {
  if (phase === "request") return method.kind;
  return phase === "error" ? "error" : "result";
}
