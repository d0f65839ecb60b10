// What an expression reads of the names that are bound in all of them: `$user.role`, `$server.name`, `$request.arguments`.
import { nearest } from "../../source/nearest.ts";
import type { ExpressionNode } from "../tree/ast-values.ts";
import { error } from "../report.ts";
import type { Scope } from "../scope.ts";

/** Reports fields that they never have, and comparisons with a text of what is none. */
export function checkBoundFields(node: ExpressionNode, scope: Scope): void {
  for (const mention of scope.compiled.get(node.source)?.mentions ?? []) {
    const { root = "", keys } = mention;
    const fields = FIELDS.get(root);
    const [key] = keys;
    if (fields === undefined) continue;
    const start = node.span.start + mention.offset;
    const span = { ...node.span, start, end: start + mention.length };
    if (key !== undefined && !fields.includes(key))
      scope.report(error("MR501", span, `\`$${root}\` has no field \`${key}\``, helpFor(root, keys, fields)));
    else if (key === undefined && mention.isCompared && root !== "server")
      scope.report(error("MR501", span, `\`$${root}\` is no text`, WHOLE.get(root)));
  }
}

/** Of each what it may have; `$server` is a text, and has none. */
const FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ["user", ["id", "groups", "claims"]],
  ["client", ["name", "version", "title"]],
  ["server", []],
  ["request", ["method", "params"]],
  ["message", ["method", "params", "result", "error"]],
]);

const WHOLE: ReadonlyMap<string, string> = new Map([
  ["user", "who it is stands in `$user.id`, and the groups in `$user.groups`"],
  ["client", "what it calls itself is `$client.name`"],
  ["request", "its method is `$request.method`"],
  ["message", "its method is `$message.method`"],
]);

function helpFor(root: string, keys: readonly string[], fields: readonly string[]): string {
  const [key = ""] = keys;
  const inner = KEPT_INSIDE.get(root)?.get(key);
  if (inner !== undefined) return `write \`$${root}.${[...inner, ...keys.slice(1)].join(".")}\``;
  if (root === "server") return "`$server` is the name itself";
  const close = nearest(key, fields);
  if (close !== undefined) return `did you mean \`$${root}.${[close, ...keys.slice(1)].join(".")}\`?`;
  if (root === "user") return `what else the token says stands in \`$user.claims.${keys.join(".")}\``;
  return `there is ${fields.map((field) => `\`${field}\``).join(", ")}`;
}

const IN_PARAMS: ReadonlyMap<string, readonly string[]> = new Map([
  ["arguments", ["params", "arguments"]],
  ["args", ["params", "arguments"]],
  ["name", ["params", "name"]],
  ["uri", ["params", "uri"]],
]);

/** What people write, and where it stands. */
const KEPT_INSIDE: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> = new Map([
  ["client", new Map([["id", ["name"]]])],
  ["request", IN_PARAMS],
  ["message", IN_PARAMS],
]);
