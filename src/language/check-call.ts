// `call`: on messages that modules are shown, with settings that are an object.
import { interceptorEvent } from "../mcp/interceptor-events.ts";
import { isJsonObject } from "../mcp/json.ts";
import type { ActionNode } from "./ast.ts";
import type { Reached } from "./reach.ts";
import { error } from "./report.ts";
import type { Scope } from "./scope.ts";

export function checkCall(action: ActionNode & { kind: "call" }, reached: readonly Reached[], scope: Scope): void {
  const { config, module, span } = action;
  if (config !== undefined && !isJsonObject(config.value)) {
    scope.report(error("MR407", config.span, `what \`${module.text}\` is told is an object, and this is a list`));
  }
  if (reached.some((one) => one.kind === "thing")) {
    const help = "a module is shown messages: `when tools/call …`, or `when result of tools/list` for what lists say";
    scope.report(error("MR510", span, "a thing is not shown to modules", help));
  } else if (reached.length > 0 && reached.every(isUnseen)) {
    scope.report(error("MR510", span, "no module is shown such a message"));
  }
}

function isUnseen(reached: Reached): boolean {
  return reached.kind === "message" && interceptorEvent(kindOf(reached), reached.method.method) === undefined;
}

/** How the message itself is called: a failure may be a result. */
function kindOf({ phase, method }: Reached & { kind: "message" }): "request" | "notification" | "result" | "error" {
  if (phase === "request") return method.kind;
  return phase === "error" ? "error" : "result";
}
