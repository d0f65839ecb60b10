// Expressions whose first word is no field of the body they start in: `user.id`, `params.arguments.path`, `args.path`.
import type { Mention } from "../../expression/jsonata/expression.ts";
import { isJsonObject, type JsonValue } from "../../mcp/json.ts";
import { methodFacts } from "../../mcp/methods.ts";
import type { CompiledPolicy } from "../compiled-policy.ts";
import type { ExpressionNode } from "../tree/ast-values.ts";
import { argumentsIn, argumentsInLock } from "../check/argument-names.ts";
import { naturalFields } from "../check/known-fields.ts";
import { startsInArguments, type Reached } from "../reach.ts";
import type { Scope } from "../scope.ts";

export interface Misread {
  readonly mention: Mention;
  readonly word: string;
  readonly help: string;
}

/** What tells that a word is the argument it looks like, and what else a word could mean. */
export interface Evidence {
  /** Names of arguments, from the lock and from what tests send. */
  readonly argumentNames: ReadonlySet<string>;
  /** Tags that some rule gives. */
  readonly tags: ReadonlySet<string>;
}

export function evidenceOf({ tests, rules }: CompiledPolicy, scope: Scope): Evidence {
  const names = new Set(argumentsInLock(scope.lock));
  for (const step of tests.flatMap(({ steps }) => steps)) {
    if (step.kind === "send" || step.kind === "push") addKeys(step.body, names);
    if (step.kind === "given-thing") for (const name of argumentsIn(step.definition)) names.add(name);
  }
  const observed = rules.flatMap(({ observations }) => observations);
  const tags = observed.flatMap((observation) => (observation.kind === "tag" ? observation.names : []));
  return { argumentNames: names, tags: new Set(tags) };
}

function addKeys(value: JsonValue | undefined, names: Set<string>): void {
  if (value !== undefined && isJsonObject(value)) for (const key of Object.keys(value)) names.add(key);
}

export function misreadsIn(
  node: ExpressionNode,
  reached: readonly Reached[],
  evidence: Evidence,
  scope: Scope,
): readonly Misread[] {
  if (reached.length === 0 || reached.some((one) => one.kind === "unknown")) return [];
  const mentions = scope.compiled.get(node.source)?.mentions ?? [];
  return mentions.flatMap((mention) => misreadOf(mention, { source: node.source, reached, evidence }));
}

function misreadOf(mention: Mention, { source, reached, evidence }: Place): readonly Misread[] {
  const [word] = mention.keys;
  if (mention.root !== undefined || word === undefined || reached.some((one) => hasField(one, word))) return [];
  if (evidence.argumentNames.has(word) && reached.some(startsInArguments)) return [];
  const help = helpFor({ mention, word, source, reached, evidence });
  return help === undefined ? [] : [{ mention, word, help }];
}

function hasField(reached: Reached, word: string): boolean {
  return naturalFields(reached)?.members?.has(word) === true;
}

interface Place {
  readonly source: string;
  readonly reached: readonly Reached[];
  readonly evidence: Evidence;
}

interface Doubtful extends Place {
  readonly mention: Mention;
  readonly word: string;
}

function helpFor(doubtful: Doubtful): string | undefined {
  const { word, reached } = doubtful;
  const beside = besideMeant(doubtful);
  if (beside === undefined) return isOuter(doubtful) ? helpForOuter(doubtful) : undefined;
  if (!reached.some(startsInArguments)) return `did you mean \`${beside}\`?`;
  return `did you mean \`${beside}\`? an argument called so is \`$message.params.arguments.${word}\``;
}

/** What stands beside the message: where arguments may have any name, only what is hardly one. */
function besideMeant({ mention, word, source, reached, evidence }: Doubtful): string | undefined {
  const [, ...rest] = mention.keys;
  const mayBeArgument = reached.some(startsInArguments);
  const written = [word, ...rest].join(".");
  switch (word) {
    case "user":
      return mention.isCompared && rest.length === 0 ? "$user.id" : `$${written}`;
    case "client":
      return mention.isCompared && rest.length === 0 ? "$client.name" : `$${written}`;
    case "server":
      return "$server";
    case "tags":
      return !mayBeArgument || textsIn(source).some((text) => evidence.tags.has(text)) ? "$tags" : undefined;
    case "method":
      return textsIn(source).some((text) => methodFacts(text) !== undefined) ? "$message.method" : undefined;
    case "request":
      return !mayBeArgument || IN_REQUESTS.has(rest[0] ?? "") ? `$${written}` : undefined;
    default:
      return undefined;
  }
}

const IN_REQUESTS: ReadonlySet<string> = new Set(["params", "method", "arguments"]);

function textsIn(source: string): readonly string[] {
  return [...source.matchAll(/"([^"\\]*)"|'([^'\\]*)'/g)].map(([, double, single]) => double ?? single ?? "");
}

function isOuter({ mention, word, reached }: Doubtful): boolean {
  if (reached.some((one) => one.kind !== "message")) return false;
  return OUTER.has(word) || (SHORT.has(word) && mention.keys.length > 1 && reached.every(startsInArguments));
}

const OUTER: ReadonlySet<string> = new Set(["params", "arguments", "result", "error"]);
const SHORT: ReadonlySet<string> = new Set(["args", "input"]);

const NAMES: ReadonlySet<string> = new Set(["result", "error"]);

function helpForOuter({ mention, word, reached }: Doubtful): string {
  const isInArguments = reached.every(startsInArguments);
  const outer = isInArguments && word === "params" && mention.keys[1] === "arguments" ? 2 : 1;
  const inner = mention.keys.slice(outer).join(".");
  const start = isInArguments ? "the arguments" : "the body";
  const write = inner === "" ? `leave \`${word}.\` out` : `write \`${inner}\``;
  const named =
    isInArguments && NAMES.has(word) ? `; an argument called so is \`$message.params.arguments.${word}\`` : "";
  return `an expression starts in ${start}: ${write}; the whole message is \`$message\`${named}`;
}
