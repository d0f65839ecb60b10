// Why an issuer gave no token, in one clause for people, without anything that could be secret.
import { OAuthError, RegistrationRejectedError } from "@modelcontextprotocol/client";
import { messageOf } from "../../thrown.ts";

export function grantFailure(error: unknown): string {
  if (error instanceof OAuthError) return `the issuer says \`${error.code}\``;
  // Its text holds whatever the issuer answered.
  if (error instanceof RegistrationRejectedError)
    return `the issuer refuses to register the proxy (HTTP ${error.status})`;
  return messageOf(error);
}
