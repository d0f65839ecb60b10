// Who may come in over HTTP: the section `auth` of the settings, with its tokens from the environment.
import type { AuthSettings } from "../http/door-settings.ts";
import type { Environment } from "./expansion.ts";
import type { SettingsFault } from "./problem.ts";
import type { SettingsValue } from "./schema.ts";
import { shownVariable } from "./variables.ts";

type AuthValue = SettingsValue["mcprules"]["auth"];

/** Shorter ones can be guessed. */
const SHORTEST_TOKEN = 16;

export function authOf(auth: AuthValue, environment: Environment): AuthSettings | undefined {
  if (auth === undefined) return undefined;
  const bearer = auth.bearer.map(({ env, user, groups }) => ({ token: environment[env] ?? "", user, groups }));
  return { bearer, jwt: auth.jwt };
}

export function authFaults(auth: AuthValue, environment: Environment): readonly SettingsFault[] {
  if (auth === undefined) return [];
  const at = ["mcprules", "auth"];
  if (auth.jwt === undefined && auth.bearer.length === 0)
    return [{ at, message: "`auth` lets nobody in", help: "name a `bearer` or a `jwt`" }];
  return auth.bearer.flatMap(({ env }, index) => {
    const message = tokenFault(env, environment[env] ?? "");
    const help = "`openssl rand -hex 32` makes a good one";
    return message === undefined ? [] : [{ at: [...at, "bearer", index, "env"], message, help }];
  });
}

/** RFC 6750, section 2.1: what a bearer token is made of. Its value stands in no message. */
function tokenFault(env: string, token: string): string | undefined {
  if (token === "") return `the environment variable ${shownVariable(env)} is not set`;
  if (token.length < SHORTEST_TOKEN) return `the token in \`${env}\` is shorter than ${SHORTEST_TOKEN} characters`;
  return /^[\w.~+/-]+=*$/.test(token) ? undefined : `the token in \`${env}\` holds what cannot stand in a header`;
}
