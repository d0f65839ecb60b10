// Whose an answer is: of whoever logged in, wherever he comes from; else of who talks.
import { isJsonObject } from "../../mcp/json.ts";
import { sortedJson } from "../../mcp/sorted-json.ts";
import type { ClientSession } from "../client-session.ts";

export function answerOwner({ principal: { user }, key }: ClientSession): string {
  const issuer = isJsonObject(user?.claims) ? user.claims["iss"] : undefined;
  return sortedJson(user === undefined ? ["session", key] : ["user", user.id, issuer ?? null]);
}
