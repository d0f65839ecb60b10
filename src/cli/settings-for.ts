// Which servers a command is about: those of a settings file, or the one that stands behind `--`.
import { existsSync } from "node:fs";
import { type Settings, wrapOneServer } from "../io/settings/settings.ts";

export interface SettingsRequest {
  readonly config?: string;
  /** Of the server that `command` wraps. */
  readonly name: string;
  /** Empty: the servers of the settings file. */
  readonly command: readonly string[];
}

const DEFAULT_FILES = ["mcprules.json", "mcp.json", ".mcp.json"];

/** A number is the exit code: the reason was told. What is not needed is not loaded. `usage`: how one server is wrapped, where that is possible. */
export async function settingsFor(
  { config, command, name }: SettingsRequest,
  usage?: string,
): Promise<Settings | number> {
  const [program, ...args] = command;
  if (program !== undefined) {
    if (config !== undefined) return complainOf("error: give either `--config FILE` or `-- COMMAND`, not both", 2);
    return wrapOneServer(name, [program, ...args], process.env) ?? complainOf(await sayBadName(name), 2);
  }
  const file = config ?? DEFAULT_FILES.find((candidate) => existsSync(candidate));
  if (file === undefined) return complainOf(sayNoSettings(usage), 2);
  const [{ readSettings }, { renderProblems }] = await Promise.all([
    import("../io/settings/settings-file.ts"),
    import("../io/settings/problem.ts"),
  ]);
  const reading = readSettings(file, process.env);
  if (reading.kind === "settings") return reading.settings;
  return complainOf(renderProblems(reading.problems).trimEnd(), 1);
}

async function sayBadName(name: string): Promise<string> {
  const { serverNameFault } = await import("../io/settings/names.ts");
  const { message, help } = serverNameFault(name);
  return `error: ${message}\n   = help: ${help}`;
}

function sayNoSettings(usage: string | undefined): string {
  const wrapping = usage === undefined ? "" : `, or wrap one server: \`${usage}\``;
  return `error: there is no settings file here (${DEFAULT_FILES.join(", ")})
   = help: name one with \`--config FILE\`${wrapping}`;
}

/** Tells people, and gives the exit code back. */
export function complainOf(text: string, code: number): number {
  process.stderr.write(`${text}\n`);
  return code;
}
