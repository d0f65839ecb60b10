// What a policy offers as a module: a mutator and a validator, and the messages that its rules are about.
import { moduleEvent } from "../../engine/modules/module-message.ts";
import type { CompiledPolicy, CompiledRule, CompiledTarget } from "../../language/compiled-policy.ts";
import { allMethods, type MethodFacts } from "../../mcp/methods.ts";
import type { Hook, InterceptorPhase, InterceptorType } from "../modules/wire.ts";

export const INTERCEPTORS = { transform: "mutation", verdict: "validation" } as const;

export interface Offer {
  readonly name: keyof typeof INTERCEPTORS;
  readonly type: InterceptorType;
  readonly hooks: readonly Hook[];
}

export function offersOf(policy: CompiledPolicy): readonly Offer[] {
  const exchanges = allMethods().flatMap(exchangesOf);
  const isRefusing = policy.defaults.some(({ verdict }) => verdict === "block");
  const changes = (exchange: Exchange): boolean =>
    policy.rules.some((rule) => mayChange(rule, exchange)) || mayThinOut(policy, isRefusing, exchange);
  const judges = (exchange: Exchange): boolean =>
    (isRefusing && exchange.phase === "request") || policy.rules.some((rule) => mayJudge(rule, exchange));
  return [
    { name: "transform", type: INTERCEPTORS.transform, hooks: hooksOf(exchanges.filter(changes)) },
    { name: "verdict", type: INTERCEPTORS.verdict, hooks: hooksOf(exchanges.filter(judges)) },
  ];
}

/** One direction of one method, as the event it belongs to. */
interface Exchange {
  readonly method: MethodFacts;
  readonly kind: "request" | "notification" | "result" | "error";
  readonly event: string;
  readonly phase: InterceptorPhase;
  /** It holds definitions of things. */
  readonly isList: boolean;
}

function exchangesOf(method: MethodFacts): readonly Exchange[] {
  const kinds =
    method.kind === "notification" ? (["notification"] as const) : (["request", "result", "error"] as const);
  return kinds.flatMap((kind) => {
    const found = moduleEvent({ kind, method: method.method });
    const isList = kind === "result" && LISTS.has(method.method);
    return found === undefined ? [] : [{ method, kind, event: found.event, phase: found.phase, isList }];
  });
}

const LISTS: ReadonlySet<string> = new Set([
  "tools/list",
  "prompts/list",
  "resources/list",
  "resources/templates/list",
]);

/** In a list, what is blocked as a thing is left out. */
function mayThinOut({ rules }: CompiledPolicy, isRefusing: boolean, exchange: Exchange): boolean {
  const hides = ({ verdicts, head }: CompiledRule): boolean =>
    verdicts.length > 0 && head.targets.some((target) => target.kind === "thing" && mayMean(target, exchange));
  return exchange.isList && (isRefusing || rules.some(hides));
}

function mayChange(rule: CompiledRule, exchange: Exchange): boolean {
  return (
    rule.transforms.some(({ kind }) => kind !== "rename") &&
    rule.head.targets.some((target) => mayMean(target, exchange))
  );
}

function mayJudge(rule: CompiledRule, exchange: Exchange): boolean {
  const says =
    rule.verdicts.length > 0 || rule.observations.length > 0 || rule.transforms.some(({ kind }) => kind === "call");
  return says && rule.head.targets.some((target) => mayMean(target, exchange));
}

function mayMean(target: CompiledTarget, exchange: Exchange): boolean {
  const { method, kind, isList } = exchange;
  switch (target.kind) {
    case "thing":
      return (
        (kind === "request" && method.carries.some(({ thing }) => thing === target.thing)) ||
        (isList && method.method.startsWith(target.thing))
      );
    case "method":
      return isOfPhase(target.phase, kind) && target.method.matchesName(method.method) !== "no";
    case "any":
      return (
        target.of === "message" || (target.of === "notification" ? kind === "notification" : isOfPhase(target.of, kind))
      );
  }
}

function isOfPhase(phase: Extract<CompiledTarget, { kind: "method" }>["phase"], kind: Exchange["kind"]): boolean {
  switch (phase) {
    case "request":
      return kind === "request" || kind === "notification";
    case "result":
    case "error":
      return kind === phase;
    case "reply":
    case "failure":
      return kind === "result" || kind === "error";
  }
}

function hooksOf(exchanges: readonly Exchange[]): readonly Hook[] {
  return (["request", "response"] as const).flatMap((phase) => {
    const events = [...new Set(exchanges.filter((one) => one.phase === phase).map(({ event }) => event))];
    return events.length === 0 ? [] : [{ events, phase }];
  });
}
