// What the architecture asks of every file and no linter looks at: how it opens, what it is called, what stays fixed.
import { nodesOf, type Node, type SourceText } from "./syntax.ts";

const EMPTY_WORDS = new Set(["util", "utils", "helper", "helpers", "shared", "common", "manager", "data", "misc"]);

/** Every break as `src/engine/judge.ts:3: …`. */
export function conventionFaults(files: readonly SourceText[]): readonly string[] {
  return files.flatMap((file) => {
    const lines = file.text.split("\n");
    const inside = nodesOf(file).flatMap((node) => nodeFault(node, lines));
    const found = [...openingFault(file), ...nameFault(file), ...inside];
    return found.map(([line, fault]) => `${file.path}:${line}: ${fault}`);
  });
}

type Fault = readonly [line: number, fault: string];

function openingFault({ text }: SourceText): readonly Fault[] {
  return /^\/\/ \S.{10}/.test(text) ? [] : [[1, "does not open with a line that says what is here"]];
}

function nameFault({ path }: SourceText): readonly Fault[] {
  const empty = path.split(/[/.-]/).find((word) => EMPTY_WORDS.has(word));
  return empty === undefined ? [] : [[1, `is named "${empty}", which says nothing`]];
}

function nodeFault(node: Node, lines: readonly string[]): readonly Fault[] {
  if (isLaundered(node)) return [[node.line, "casts through unknown"]];
  if (isOpenField(node, lines))
    return [[node.line, "a field of an exported type is not readonly, and its comment does not say so"]];
  return [];
}

/** `x as unknown as T`, in either spelling. */
function isLaundered({ type, parent, fields }: Node): boolean {
  const to = fields["typeAnnotation"];
  const isUnknown = typeof to === "object" && to !== null && Reflect.get(to, "type") === "TSUnknownKeyword";
  return isCast(type) && isUnknown && parent !== undefined && isCast(parent.type);
}

function isCast(type: string): boolean {
  return type === "TSAsExpression" || type === "TSTypeAssertion";
}

/** Exported types are readonly, but those whose comment says that they change, and when. */
function isOpenField(node: Node, lines: readonly string[]): boolean {
  const isField = node.type === "TSPropertySignature" || node.type === "TSIndexSignature";
  if (!isField || node.fields["readonly"] === true) return false;
  const declaration = exportedTypeAround(node);
  return declaration !== undefined && !/chang|count/i.test(commentAbove(declaration.line, lines));
}

/** The nearest declaration, if it is an exported type; types written inside functions are their own affair. */
function exportedTypeAround({ parent }: Node): Node | undefined {
  if (parent === undefined) return undefined;
  const isType = parent.type === "TSInterfaceDeclaration" || parent.type === "TSTypeAliasDeclaration";
  if (!isType) return exportedTypeAround(parent);
  return parent.parent?.type === "ExportNamedDeclaration" ? parent : undefined;
}

function commentAbove(line: number, lines: readonly string[]): string {
  const above = lines.slice(0, line - 1);
  const start = above.findLastIndex((text) => !/^\s*(?:\/\*\*|\*|\/\/)/.test(text)) + 1;
  return above.slice(start).join("\n");
}
