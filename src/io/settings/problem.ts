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

/** The word among `known` that `word` was meant to be, if one is close enough to say so. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const bound = Math.max(1, Math.floor(word.length / 3));
  const ranked = known.map((candidate) => ({ candidate, distance: editDistance(word, candidate) }));
  ranked.sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= bound ? best.candidate : undefined;
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

/** Levenshtein's, without regard to case. */
function editDistance(a: string, b: string): number {
  const left = a.toLowerCase();
  const right = b.toLowerCase();
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
