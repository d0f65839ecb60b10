// The keys that seal what clients carry for the proxy between two requests: the section `keys` of the settings.
import type { Environment } from "./expansion.ts";
import type { SettingsFault } from "./problem.ts";
import type { SettingsValue } from "./schema.ts";
import type { SealKey } from "../seal.ts";
import { shownVariable } from "./variables.ts";

type KeysValue = SettingsValue["mcprules"]["keys"];

/** Bytes; shorter ones can be guessed. */
const SHORTEST_SECRET = 32;

export function keysOf(keys: KeysValue, environment: Environment): readonly SealKey[] {
  return keys.map(({ id, secret }) => ({ id, secret: environment[secret.env] ?? "" }));
}

export function keyFaults(keys: KeysValue, environment: Environment): readonly SettingsFault[] {
  return keys.flatMap(({ id, secret: { env } }, index): readonly SettingsFault[] => {
    const at = ["mcprules", "keys", index];
    const isTwice = keys.findIndex((key) => key.id === id) < index;
    const twice = { at: [...at, "id"], message: `two keys are called \`${id}\``, help: "give each its own id" };
    const message = secretFault(env, environment[env] ?? "");
    const help = "`openssl rand -hex 32` makes a good one";
    return [
      ...(isTwice ? [twice] : []),
      ...(message === undefined ? [] : [{ at: [...at, "secret", "env"], message, help }]),
    ];
  });
}

/** Its value stands in no message. */
function secretFault(env: string, secret: string): string | undefined {
  if (secret === "") return `the environment variable ${shownVariable(env)} is not set`;
  const isShort = Buffer.byteLength(secret) < SHORTEST_SECRET;
  return isShort ? `the secret in \`${env}\` is shorter than ${SHORTEST_SECRET} bytes` : undefined;
}
