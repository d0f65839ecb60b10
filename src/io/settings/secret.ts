// A secret in the settings: never itself, always where it can be read.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as z from "zod";
import type { Environment } from "./expansion.ts";
import { codeOf } from "../thrown.ts";
import type { SettingsFault, SettingsPath } from "./problem.ts";
import { shownVariable } from "./variables.ts";

export const secretField = z
  .strictObject(
    { env: z.string().min(1).optional(), file: z.string().min(1).optional() },
    { error: () => 'must be `{"env": NAME}` or `{"file": PATH}`: a secret does not stand in the settings' },
  )
  .refine(({ env, file }) => (env === undefined) !== (file === undefined), {
    error: () => "must name either `env` or `file`",
  });

export type SecretValue = z.output<typeof secretField>;

export interface SecretPlaces {
  /** Of the settings file. */
  readonly folder: string;
  readonly environment: Environment;
}

export type SecretReading =
  | { readonly kind: "secret"; readonly text: string }
  | { readonly kind: "none"; readonly message: string; readonly help: string };

/** Absolute: which of them lie in files. */
export function filesOfSecrets(
  secrets: readonly (SecretValue | undefined)[],
  { folder }: SecretPlaces,
): readonly string[] {
  return secrets.flatMap((secret) => (secret?.file === undefined ? [] : [resolve(folder, secret.file)]));
}

/** `at`: where the secret stands. */
export function secretFaults(
  secret: SecretValue | undefined,
  places: SecretPlaces,
  at: SettingsPath,
): readonly SettingsFault[] {
  const read = secret && readSecret(secret, places);
  return read?.kind === "none" ? [{ at, message: read.message, help: read.help }] : [];
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "this user may not read it",
  EISDIR: "it is a folder",
};

/** Its value stands in no message; nor does the path of a file, where somebody may have put the secret itself. */
export function readSecret({ env, file }: SecretValue, { folder, environment }: SecretPlaces): SecretReading {
  if (file === undefined) {
    const text = environment[env ?? ""] ?? "";
    const message = `the environment variable ${shownVariable(env ?? "")} is not set`;
    return text === "" ? { kind: "none", message, help: "set it" } : { kind: "secret", text };
  }
  try {
    const text = readFileSync(resolve(folder, file), "utf8").trim();
    if (text !== "") return { kind: "secret", text };
    return { kind: "none", message: "the file named here is empty", help: "write the secret into it" };
  } catch (error) {
    const reason = REASONS[codeOf(error) ?? ""] ?? "is it there, and may this user read it?";
    const help = `${reason}; it takes the path of a file that holds the secret`;
    return { kind: "none", message: "the file named here cannot be read", help };
  }
}
