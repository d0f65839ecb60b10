// Fields that say which message, thing, page or task is meant: no rule and no module may change them.
import { listOfMethod } from "./lists.ts";
import { methodFacts } from "./methods.ts";

export type FixedPhase = "request" | "result";

/** In whatever message they stand: what one side minted and the other must give back as it is. */
const MINTED: Readonly<Record<FixedPhase, readonly (readonly string[])[]>> = {
  request: [
    ["cursor"],
    ["requestId"],
    ["progressToken"],
    ["_meta", "progressToken"],
    ["task"],
    ["taskId"],
    ["elicitationId"],
    ["requestState"],
    ["inputResponses"],
    ["protocolVersion"],
  ],
  result: [["nextCursor"], ["task"], ["taskId"], ["requestState"], ["resultType"], ["protocolVersion"]],
};

/** The prefix that MCP keeps for itself in `_meta` (Basic Protocol, `_meta`). */
const RESERVED = "io.modelcontextprotocol/";

/** `keys`: from `params` or `result` down, steps into lists left out. Also true below such a field. */
export function isFixed(method: string, phase: FixedPhase, keys: readonly string[]): boolean {
  if (keys[0] === "_meta" && keys[1]?.startsWith(RESERVED)) return true;
  return [...MINTED[phase], ...named(method, phase)].some((fixed) => fixed.every((key, index) => keys[index] === key));
}

function named(method: string, phase: FixedPhase): readonly (readonly string[])[] {
  if (phase === "request") return methodFacts(method)?.carries.map((carried) => carried.at) ?? [];
  const list = listOfMethod(method);
  return list === undefined ? [] : [[list.member, list.identity]];
}
