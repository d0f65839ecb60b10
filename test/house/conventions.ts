// What the architecture asks of every file and no linter looks at: how it opens, what it is called, what stays fixed.
import { nodesOf, type Node, type SourceText } from "./syntax.ts";

const EMPTY_WORDS = new Set(["util", "utils", "helper", "helpers", "shared", "common", "manager", "data", "misc"]);

/** Every break as `src/engine/judge.ts:3: …`. */
export function conventionFaults(files: readonly SourceText[]): readonly string[] {
  return files.flatMap((file) => {
    const inside = nodesOf(file).flatMap(nodeFault);
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

function nodeFault(node: Node): readonly Fault[] {
  if (isLaundered(node)) return [[node.line, "casts through unknown"]];
  if (isOpenField(node)) return [[node.line, "a field of an exported type is not readonly"]];
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

function isOpenField(node: Node): boolean {
  const isField = node.type === "TSPropertySignature" || node.type === "TSIndexSignature";
  return isField && node.fields["readonly"] !== true && isExported(node);
}

/** The nearest declaration is a type, and it is exported; types written inside functions are their own affair. */
function isExported({ parent }: Node): boolean {
  if (parent === undefined) return false;
  const isType = parent.type === "TSInterfaceDeclaration" || parent.type === "TSTypeAliasDeclaration";
  return isType ? parent.parent?.type === "ExportNamedDeclaration" : isExported(parent);
}
