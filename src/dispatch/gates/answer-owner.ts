// Whose an answer is: of whoever logged in, wherever he comes from; else of who talks.
import { userIdentity } from "../../engine/gates/user-identity.ts";
import { sortedJson } from "../../mcp/sorted-json.ts";
import type { ClientSession } from "../peers/client-session.ts";

export function answerOwner({ principal: { user }, key }: ClientSession): string {
  return sortedJson(user === undefined ? ["session", key] : ["user", ...userIdentity(user)]);
}
