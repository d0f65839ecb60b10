// Texts with `{fields}`: reasons and log lines.
import { parsePath } from "../../expression/path.ts";
import type { Span } from "../../source/diagnostic.ts";
import type { HeadNode } from "../tree/ast-heads.ts";
import type { Written } from "../tree/ast-values.ts";
import { checkField } from "./check-fields.ts";
import { naturalFields } from "./known-fields.ts";
import { isReplyPhase, reachOfHead, type Reached } from "../reach.ts";
import { error, warning } from "../report.ts";
import type { Scope } from "../scope.ts";
import { readTemplate } from "../template.ts";

/** What a text is for: all but a line of a log is told to people in the proxy's name. */
type Purpose = "reason" | "question" | "log";

export function checkTemplate(text: Written, purpose: Purpose, head: HeadNode, scope: Scope): void {
  const read = readTemplate(text.text);
  if (read.kind === "mistake") {
    const message = `\`${read.piece}\` cannot be filled in`;
    return scope.report(
      error(
        "MR404",
        spanOfPiece(read.piece, text),
        message,
        "a field stands between `{` and `}`: `{params.name}`; a brace is written `{{`",
      ),
    );
  }
  const told = { reached: reachOfHead(head), asked: fieldsAsked(head) };
  for (const piece of read.template) {
    if (piece.kind === "field") checkPiece(piece.path.text, text, purpose, told, scope);
  }
}

interface Told {
  readonly reached: readonly Reached[];
  /** Fields that the rule itself asks for: its author knows that they are there. */
  readonly asked: ReadonlySet<string>;
}

function fieldsAsked({ clauses, excepts }: HeadNode): ReadonlySet<string> {
  const all = [...clauses, ...excepts.flatMap((group) => group.clauses)];
  const conditions = all.flatMap((clause) => (clause.kind === "with" ? clause.conditions : []));
  return new Set(conditions.flatMap(({ paths }) => paths.map(({ text }) => text)));
}

/** A default speaks of every message: its reason has braces (`{{`), and no fields. */
export function checkPlainText(text: Written, scope: Scope): void {
  const read = readTemplate(text.text);
  if (read.kind === "template" && read.template.every((piece) => piece.kind === "text")) return;
  const help = "a rule with `block` can name fields in its reason; a brace is written `{{`";
  const piece = read.kind === "mistake" ? read.piece : (/\{[^{}]+\}/.exec(text.text)?.[0] ?? "");
  scope.report(
    error("MR404", piece === "" ? text.span : spanOfPiece(piece, text), "the reason of a default has no fields", help),
  );
}

/** What holds for every message, besides its paths. */
const ALWAYS: ReadonlySet<string> = new Set(["name", "method", "server"]);

function checkPiece(field: string, text: Written, purpose: Purpose, told: Told, scope: Scope): void {
  const { reached } = told;
  if (ALWAYS.has(field)) return;
  if (purpose !== "log" && isServersWord(field, reached)) {
    const help = `a ${purpose} speaks with the proxy's voice; \`{request.params…}\`, \`{name}\` and \`{method}\` may stand in it`;
    const span = spanOfPiece(`{${field}}`, text);
    return scope.report(error("MR404", span, `\`{${field}}\` would put a server's words into a ${purpose}`, help));
  }
  if (isMistaken(field, text, told, scope)) return;
  checkField({ text: field, span: spanOfField(field, text) }, reached, scope);
}

const NAME = "the name of what is called is `{name}`";
const ARGUMENTS = "an argument is `{params.arguments.path}`";

/** What people write for what is called otherwise here. */
const MISTAKEN: ReadonlyMap<string, string> = new Map([
  ...["tool", "tool_name", "toolName", "prompt", "resource", "uri"].map((word) => [word, NAME] as const),
  ...["args", "input"].map((word) => [word, ARGUMENTS] as const),
  ["rule", "the rule stands in every record, and in `data` of an error"],
]);

/** Among the arguments of a call there may be one of that name. */
function isMistaken(field: string, text: Written, { reached, asked }: Told, scope: Scope): boolean {
  const help = MISTAKEN.get(field);
  if (help === undefined || asked.has(field) || reached.some((one) => naturalFields(one)?.members?.has(field)))
    return false;
  const span = spanOfPiece(`{${field}}`, text);
  const isCall = reached.some((one) => one.kind === "message" && one.phase === "request" && one.method.body.length > 1);
  if (isCall) {
    const message = `\`{${field}}\` is an argument called \`${field}\`, and empty where there is none`;
    scope.report(
      warning("MR404", span, message, `${help}; of an argument of that name: \`{params.arguments.${field}}\``),
    );
  } else scope.report(error("MR404", span, `there is no \`${field}\` to fill in`, help));
  return true;
}

/** The fields of a text, each with its place; of one that cannot be read, none. */
export function fieldsOfText(text: Written): readonly Written[] {
  const read = readTemplate(text.text);
  if (read.kind === "mistake") return [];
  const fields = read.template.flatMap((piece) => (piece.kind === "field" ? [piece.path.text] : []));
  return fields.filter((field) => !ALWAYS.has(field)).map((field) => ({ text: field, span: spanOfField(field, text) }));
}

/** The exact place, unless escapes or other indentation make that a guess. */
function spanOfField(field: string, text: Written): Span {
  const span = spanOfPiece(`{${field}}`, text);
  return span === text.span ? span : { ...span, start: span.start + 1, end: span.end - 1 };
}

function spanOfPiece(piece: string, text: Written): Span {
  const at = text.text.indexOf(piece);
  const isPlain = text.span.end - text.span.start === text.text.length + 2;
  if (!isPlain || at === -1) return text.span;
  const start = text.span.start + 1 + at;
  return { ...text.span, start, end: start + piece.length };
}

function isServersWord(field: string, reached: readonly Reached[]): boolean {
  const path = parsePath(field);
  const [first] = path.steps;
  if (first?.kind !== "member") return false;
  if (path.absolute) return first.key === "result" || first.key === "error";
  return reached.length > 0 && reached.every((one) => one.kind === "thing" || isReplyPhase(one.phase));
}
