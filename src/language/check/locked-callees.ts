// The tools and prompts that a head is about and what they take, by the catalogue lock; and the way that a path takes into their arguments.
import { parsePath, type Step } from "../../expression/path.ts";
import type { Pattern } from "../../expression/pattern.ts";
import type { JsonObject } from "../../mcp/json.ts";
import { shapeAt, shapeOfPrompt, shapeOfSchema, type Shape } from "../../mcp/argument-shape.ts";
import type { HeadNode, TargetNode } from "../tree/ast-heads.ts";
import type { Written } from "../tree/ast-values.ts";
import {
  callableKindsOf,
  isName,
  lockedServersOf,
  subjectsMatching,
  type Known,
  type LockedSubject,
} from "./locked-things.ts";
import { patternOf, patternParts, type Scope } from "../scope.ts";

/** A tool or prompt, and what its arguments look like. */
export interface Callee {
  readonly own: string;
  readonly shape: Shape;
  /** The head names it, and does not only fit it. */
  readonly isNamed: boolean;
}

export interface About {
  readonly callees: readonly Callee[];
  /** Where the arguments stand for the paths of this head. */
  readonly origin: Origin;
}

/** `thing`: paths start in the definition; `request`: in the arguments; `reply`: in what comes back. */
export type Origin = "thing" | "request" | "reply";

/** `undefined`: the head is about more than calls, or it is not known what all of them take. */
export function aboutOf(head: HeadNode, { lock, subjectsOf, scope }: Known): About | undefined {
  const servers = lockedServersOf(head, lock, scope);
  const origins = new Set(head.targets.map(originOf));
  const [origin, another] = origins;
  if (servers === undefined || origin === undefined || another !== undefined) return undefined;
  const callees = head.targets.flatMap((target) => {
    const kinds = callableKindsOf(target) ?? [];
    const pattern = patternOfTarget(target, scope);
    return subjectsMatching(subjectsOf(servers, kinds), pattern).map((subject) => calleeOf(subject, pattern));
  });
  return { callees, origin };
}

/** `undefined`: it may mean more than things that take arguments. */
function originOf(target: TargetNode): Origin | undefined {
  if (target.kind === "thing") return target.thing === "resource" ? undefined : "thing";
  if (target.kind === "any" || !CALLS.has(target.method.text)) return undefined;
  return target.reply === undefined ? "request" : "reply";
}

const CALLS: ReadonlySet<string> = new Set(["tools/call", "prompts/get"]);

function patternOfTarget(target: TargetNode, scope: Scope): Pattern {
  const pattern = target.kind === "any" ? undefined : target.pattern;
  return patternOf(pattern === undefined ? [] : patternParts(pattern, scope), scope);
}

function calleeOf({ own, kind, definition }: LockedSubject, pattern: Pattern): Callee {
  const isNamed = pattern.parts.some((part) => isName(part) && part.text === own);
  return { own, isNamed, shape: shapeFor(kind, definition) };
}

const shapes = new WeakMap<JsonObject, Shape>();

function shapeFor(kind: LockedSubject["kind"], definition: JsonObject): Shape {
  const known = shapes.get(definition);
  if (known !== undefined) return known;
  const shape = kind === "prompt" ? shapeOfPrompt(definition) : shapeOfSchema(definition["inputSchema"]);
  shapes.set(definition, shape);
  return shape;
}

export function shapesAt(steps: readonly Step[] | undefined, { callees }: About): readonly Shape[] {
  if (steps === undefined) return [];
  return callees.flatMap(({ shape }) => {
    const found = shapeAt(shape, steps);
    return found.kind === "shape" ? [found.shape] : [];
  });
}

/** The way into the arguments; `undefined`: the path leads elsewhere, or to all of them. */
export function argumentSteps(path: Pick<Written, "text">, origin: Origin): readonly Step[] | undefined {
  const { steps, absolute } = parsePath(path.text);
  if (!absolute) return origin === "request" ? steps : undefined;
  const home = origin === "reply" ? ["request", "params", "arguments"] : ["params", "arguments"];
  const isInside = home.every((key, index) => {
    const step = steps[index];
    return step?.kind === "member" && step.key === key;
  });
  return isInside && steps.length > home.length ? steps.slice(home.length) : undefined;
}
