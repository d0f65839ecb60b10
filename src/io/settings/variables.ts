// Variables in the settings: where one is named and not filled in, since it holds a secret, and those that only a host knows.
import type { SettingsPath } from "./problem.ts";

/** `*`: any step. */
const NAMING_PLACES: readonly (readonly string[])[] = [
  "mcprules.auth.bearer.*.env",
  "mcprules.keys.*.secret.env",
  "mcprules.modules.*.auth.bearer.env",
  "mcprules.modules.*.auth.hmac.secret.env",
  "mcprules.servers.*.oauth.client.secret.env",
  "mcprules.translators.*.key.env",
].map((place) => place.split("."));

/** What stands there is the name of a variable. */
export function namesVariable(path: SettingsPath): boolean {
  return NAMING_PLACES.some(
    (place) => place.length === path.length && place.every((step, index) => step === "*" || step === path[index]),
  );
}

const NAME = /^[A-Za-z_]\w*$/;

/** `text`: as it is written. It may be the secret itself, and stands in no message. */
export function variableNameFault(text: string): { readonly message: string; readonly help: string } | undefined {
  if (NAME.test(text)) return undefined;
  const [, meant] = /^\$\{?([A-Za-z_]\w*)\}?$/.exec(text) ?? [];
  const help = `write \`"env": "${meant ?? "NAME"}"\`: what the variable holds stands only in the environment`;
  return { message: "`env` takes the name of a variable", help };
}

/** A secret that stands where its name belongs is not shown: most are long, and mix digits and small letters. */
export function shownVariable(name: string): string {
  const isLikeSecret = name.length >= 20 && /\d/.test(name) && /[a-z]/.test(name);
  return isLikeSecret || !NAME.test(name) ? "that `env` names" : `\`${name}\``;
}

/** Of VS Code and those that follow it, and of bundles for desktop hosts. `inside`: what stands between the braces. */
export function hostVariableHelp(inside: string): string | undefined {
  if (inside === "userHome") return "write `${HOME}`";
  if (/^(?:input|config|command|user_config)(?:\.|:(?!-))/.test(inside))
    return "put its value into an environment variable `NAME`, and write `${NAME}`";
  if (inside === "pathSeparator" || inside === "/") return "write `/`";
  const isPlace =
    /^(?:workspaceFolder(?:Basename)?|workspaceRoot|__dirname|relativeFile|file(?:[A-Z]\w*)?)(?::(?!-).*)?$/;
  return isPlace.test(inside) ? "write the path" : undefined;
}
