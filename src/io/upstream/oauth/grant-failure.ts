// Why an issuer gave no token, in one clause for people, without anything that could be secret.
import { OAuthError } from "@modelcontextprotocol/client";
import { messageOf } from "../../thrown.ts";

export function grantFailure(error: unknown): string {
  if (error instanceof OAuthError) return `the issuer says \`${error.code}\``;
  const { cause } = error instanceof Error ? error : {};
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  if (code !== undefined) return `nobody answers (${code})`;
  return messageOf(error);
}
