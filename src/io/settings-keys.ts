// The keys that seal what clients carry for the proxy between two requests: the section `keys` of the settings.
import { placeAt, type SettingsDocument } from "./settings-document.ts";
import type { Environment } from "./settings-expansion.ts";
import { pathText, type SettingsPath, type SettingsProblem } from "./settings-problem.ts";
import type { SettingsValue } from "./settings-schema.ts";
import type { SealKey } from "./seal.ts";

type KeysValue = SettingsValue["mcprules"]["keys"];

/** Bytes; shorter ones can be guessed. */
const SHORTEST_SECRET = 32;

export function keysOf(keys: KeysValue, environment: Environment): readonly SealKey[] {
  return keys.map(({ id, secret }) => ({ id, secret: environment[secret.env] ?? "" }));
}

export function keyProblems(
  file: string,
  document: SettingsDocument,
  keys: KeysValue,
  environment: Environment,
): readonly SettingsProblem[] {
  const problem = (path: SettingsPath, message: string, help: string): SettingsProblem => {
    return { file, ...placeAt(document, path), path: pathText(path), message, help };
  };
  return keys.flatMap(({ id, secret: { env } }, index) => {
    const at = ["mcprules", "keys", index];
    const isTwice = keys.findIndex((key) => key.id === id) < index;
    const fault = secretFault(env, environment[env] ?? "");
    return [
      ...(isTwice ? [problem([...at, "id"], `two keys are called \`${id}\``, "give each its own id")] : []),
      ...(fault === undefined
        ? []
        : [problem([...at, "secret", "env"], fault, "`openssl rand -hex 32` makes a good one")]),
    ];
  });
}

/** Its value stands in no message. */
function secretFault(env: string, secret: string): string | undefined {
  if (secret === "") return `the environment variable \`${env}\` is not set`;
  const isShort = Buffer.byteLength(secret) < SHORTEST_SECRET;
  return isShort ? `the secret in \`${env}\` is shorter than ${SHORTEST_SECRET} bytes` : undefined;
}
