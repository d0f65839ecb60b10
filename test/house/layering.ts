// The floors of the architecture as a table, and what a set of source files does against it.
import { nodesOf, textOf, type Node, type SourceText } from "./syntax.ts";

interface Floor {
  /** Folders below that it may import; a longer entry allows that one file only. */
  readonly imports: readonly string[];
  /** `undefined`: any package. */
  readonly packages: readonly string[] | undefined;
  /** May touch the world: `node:`, promises, clocks, random numbers, the process. */
  readonly hasWorld: boolean;
}

const ALL_BELOW = ["mcp", "source", "language", "expression", "message", "engine", "dispatch", "inspect"];

/** The table of the architecture. The last three are no folders with a number: they hold the floors together. */
export const FLOORS: Readonly<Record<string, Floor>> = {
  mcp: { imports: [], packages: [], hasWorld: false },
  source: { imports: [], packages: [], hasWorld: false },
  language: { imports: ["source", "mcp", "expression"], packages: ["chevrotain"], hasWorld: false },
  expression: { imports: ["source", "mcp"], packages: ["jsonata", "re2js"], hasWorld: false },
  message: { imports: ["mcp"], packages: [], hasWorld: false },
  engine: {
    imports: ["source", "mcp", "language/compiled-policy.ts", "expression", "message"],
    packages: [],
    hasWorld: false,
  },
  dispatch: { imports: ["source", "mcp", "engine", "message"], packages: [], hasWorld: false },
  inspect: {
    imports: ["source", "mcp", "language", "expression", "message", "engine"],
    packages: [],
    hasWorld: false,
  },
  io: { imports: ALL_BELOW, packages: undefined, hasWorld: true },
  "serve.ts": { imports: [...ALL_BELOW, "io"], packages: [], hasWorld: true },
  "index.ts": { imports: [...ALL_BELOW, "io", "serve.ts"], packages: [], hasWorld: true },
  cli: {
    imports: [...ALL_BELOW, "io", "serve.ts", "index.ts"],
    packages: ["commander", "@modelcontextprotocol/sdk"],
    hasWorld: true,
  },
};

/** Global names that lead out of a pure function: to time, chance, other threads, the network, the process. */
const WORLDLY_NAMES = new Set(
  `Promise PromiseLike AsyncIterable AsyncIterator AsyncGenerator process console globalThis global NodeJS eval
   setTimeout setInterval setImmediate queueMicrotask performance crypto fetch WebSocket EventSource Worker
   MessageChannel BroadcastChannel AbortSignal Atomics SharedArrayBuffer`.split(/\s+/),
);

interface Import {
  readonly line: number;
  readonly to: string;
}

/** What each file imports, by its path. */
type Imports = ReadonlyMap<string, readonly Import[]>;

/** Every break of the table as `src/engine/judge.ts:3: …`, in the order of the files; empty when it holds. */
export function layeringFaults(files: readonly SourceText[]): readonly string[] {
  const trees = files.map((file) => ({ path: file.path, nodes: nodesOf(file) }));
  const imports = new Map(trees.map(({ path, nodes }) => [path, nodes.flatMap(importOf)]));
  return [...trees.flatMap(({ path, nodes }) => fileFaults(path, nodes, imports)), ...cycles(imports)];
}

/** `engine` for `src/engine/judge.ts`, `serve.ts` for `src/serve.ts`. */
export function areaOf(path: string): string {
  return path.split("/")[1] ?? path;
}

function fileFaults(path: string, nodes: readonly Node[], imports: Imports): readonly string[] {
  const floor = FLOORS[areaOf(path)];
  if (floor === undefined) return [`${path}:1: stands on no floor`];
  const found = (imports.get(path) ?? []).flatMap((one) => importFault(path, floor, one, imports));
  return floor.hasWorld ? found : found.concat(worldlyUses(path, nodes));
}

/** Imports and re-exports, of values and of types, static and dynamic. A dynamic one that is computed leads to `?`. */
function importOf(node: Node): readonly Import[] {
  switch (node.type) {
    case "ImportDeclaration":
    case "ImportExpression":
    case "ExportAllDeclaration":
    case "TSImportType":
      return [{ line: node.line, to: textOf(node.fields["source"], "value") ?? "?" }];
    case "ExportNamedDeclaration":
      return node.fields["source"] === null
        ? []
        : [{ line: node.line, to: textOf(node.fields["source"], "value") ?? "?" }];
    case "TSExternalModuleReference":
      return [{ line: node.line, to: textOf(node.fields["expression"], "value") ?? "?" }];
    default:
      return [];
  }
}

function importFault(path: string, floor: Floor, { line, to }: Import, files: Imports): readonly string[] {
  const target = resolve(path, to);
  if (target !== undefined) {
    if (!files.has(target)) return [`${path}:${line}: imports ${to}, which is no file of src`];
    const inside = target.slice("src/".length);
    const isAllowed =
      areaOf(path) === areaOf(target) || floor.imports.some((one) => inside === one || inside.startsWith(`${one}/`));
    return isAllowed ? [] : [`${path}:${line}: ${areaOf(path)} may not import ${inside}`];
  }
  if (to.startsWith("node:")) return floor.hasWorld ? [] : [`${path}:${line}: ${areaOf(path)} may not import ${to}`];
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(to)?.[0] ?? to;
  const isAllowed = floor.packages?.includes(name) ?? true;
  return isAllowed ? [] : [`${path}:${line}: ${areaOf(path)} may not import the package ${name}`];
}

/** Path of the file that a relative import names, from the root; `undefined` for packages and `node:`. */
function resolve(from: string, to: string): string | undefined {
  if (!to.startsWith(".")) return undefined;
  const parts = from.split("/").slice(0, -1);
  for (const part of to.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

function worldlyUses(path: string, nodes: readonly Node[]): readonly string[] {
  const own = new Set(nodes.filter(isDeclaration).map((node) => node.fields["name"]));
  return nodes.flatMap((node) => {
    const what = own.has(node.fields["name"]) ? undefined : worldlyWord(node);
    return what === undefined ? [] : [`${path}:${node.line}: ${areaOf(path)} may not use ${what}`];
  });
}

/** A name that the file gives to something of its own: a variable, a parameter, what it imports. */
function isDeclaration({ type, key, parent }: Node): boolean {
  if (type !== "Identifier") return false;
  return key === "params" || key === "local" || (key === "id" && parent?.type === "VariableDeclarator");
}

function worldlyWord(node: Node): string | undefined {
  if (node.fields["async"] === true) return "async";
  if (node.type === "AwaitExpression" || node.fields["await"] === true) return "await";
  if (node.type === "ImportExpression") return "import()";
  const name = textOf(node.fields, "name");
  if (node.type !== "Identifier" || name === undefined) return undefined;
  if (isPropertyName(node)) return worldlyProperty(node, name);
  if (name === "Date") return readsClock(node) ? "Date" : undefined;
  return WORLDLY_NAMES.has(name) ? name : undefined;
}

/** The name after a dot, or of a field or method: it says nothing about the global of that name. */
function isPropertyName(node: Node): boolean {
  if (node.key === "property" || node.key === "key") return node.parent?.fields["computed"] !== true;
  return (
    node.key === "imported" ||
    node.key === "exported" ||
    (node.key === "right" && node.parent?.type === "TSQualifiedName")
  );
}

function worldlyProperty(node: Node, name: string): string | undefined {
  if (name === "random" && textOf(node.parent?.fields["object"], "name") === "Math") return "Math.random";
  return name === "then" && node.parent?.key === "callee" ? ".then()" : undefined;
}

/** `new Date(given)`, `Date.UTC` and `Date.parse` compute; `Date()`, `new Date()` and `Date.now` look at the clock. */
function readsClock({ key, parent }: Node): boolean {
  if (key === "typeName" || parent?.fields["operator"] === "instanceof") return false;
  if (key === "object") return !["UTC", "parse"].includes(textOf(parent?.fields["property"], "name") ?? "");
  const given = parent?.type === "NewExpression" ? parent.fields["arguments"] : [];
  return !Array.isArray(given) || given.length === 0;
}

/** Each ring of files that import each other, once, named from its first file in path order. */
function cycles(imports: Imports): readonly string[] {
  const done = new Set<string>();
  const found: string[] = [];
  for (const path of [...imports.keys()].toSorted()) follow(path, []);
  return found;

  function follow(path: string, trail: readonly string[]): void {
    const start = trail.indexOf(path);
    if (start !== -1) found.push(`${path}:1: cycle ${[...trail.slice(start), path].join(" -> ")}`);
    if (start !== -1 || done.has(path)) return;
    for (const { to } of imports.get(path) ?? []) follow(resolve(path, to) ?? to, [...trail, path]);
    done.add(path);
  }
}
