// A mistake in the settings file: where it stands, what is wrong and what to write. It never quotes a value, which may be a secret.

/** `line` and `column` are 1-based and for people. */
export interface SettingsProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where it stands in the document, such as `mcpServers.files.args[1]`; empty for the document as a whole. */
  readonly path: string;
  /** One clause, lower case, the author's words in backticks. */
  readonly message: string;
  readonly help?: string;
}

export type SettingsPath = readonly (string | number)[];

/** A problem before it is looked up where in the file it stands. */
export interface SettingsFault {
  readonly at: SettingsPath;
  /** What is wrong is the name there, not its value. */
  readonly isName?: boolean;
  readonly message: string;
  readonly help?: string;
}

export function renderProblems(problems: readonly SettingsProblem[]): string {
  return problems.map((problem) => `${renderProblem(problem)}\n`).join("\n");
}

/** `mcpServers["my server"].args[1]`. */
export function pathText(path: SettingsPath): string {
  return path.reduce<string>((text, step) => text + stepText(step, text === ""), "");
}

function renderProblem({ file, line, column, path, message, help }: SettingsProblem): string {
  const where = path === "" ? "" : ` at ${path}`;
  const cure = help === undefined ? "" : `\n   = help: ${help}`;
  return `error: ${message}\n  --> ${file}:${line}:${column}${where}${cure}`;
}

function stepText(step: string | number, isFirst: boolean): string {
  if (typeof step === "number") return `[${step}]`;
  if (!/^[A-Za-z_][\w-]*$/.test(step)) return `[${JSON.stringify(step)}]`;
  return isFirst ? step : `.${step}`;
}
