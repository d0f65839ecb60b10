// Lints of rules that no test covers: in a policy with tests, none of them sends or lists anything that the rule is about.
import type { Pattern } from "../../expression/pattern.ts";
import { isJsonArray, isJsonObject, type JsonValue } from "../../mcp/json.ts";
import { LISTS } from "../../mcp/lists.ts";
import { allMethods, methodFacts } from "../../mcp/methods.ts";
import type { RuleItem } from "../tree/ast.ts";
import type { CompiledPolicy, CompiledRule, CompiledTarget, Phase, ThingKind } from "../compiled-policy.ts";
import { onlyName } from "../only-name.ts";
import { ownNamesBy, renamesOf, type OwnNames } from "../renames.ts";
import { warning } from "../report.ts";
import type { Scope } from "../scope.ts";
import type { TestStep } from "../test-block.ts";

/** What a test sends comes close to a rule or does not; whether it matches there is for `test --coverage` to say. */
export function lintTested(rules: readonly RuleItem[], policy: CompiledPolicy, scope: Scope): void {
  if (policy.tests.length === 0) return;
  const ownNames = ownNamesBy(rules.flatMap((rule) => renamesOf(rule, scope)));
  const met = new Meetings(policy, ownNames);
  for (const [index, rule] of rules.entries()) {
    const compiled = policy.rules[index];
    if (compiled === undefined || met.covers(compiled)) continue;
    const help = "a `test` that sends what it is about shows that it does what it says";
    scope.report(warning("MR571", rule.id.span, `no test covers \`${rule.id.text}\``, help));
  }
}

/** One thing that some test sends, is answered with, or asks the catalogue for. */
interface Meeting {
  readonly method: string;
  readonly phase: "request" | "result" | "error" | "failure";
  readonly thing: ThingKind | undefined;
  readonly name: string | undefined;
  readonly server: string;
  /** Only the catalogue was asked: the verdicts of the rules on its call hide a thing, and nothing else of them counts. */
  readonly isListing?: true;
}

/** Beyond so many comparisons, whoever is left is taken to be covered. */
const MOST_COMPARISONS = 2_000_000;

class Meetings {
  readonly #all = new Map<string, Meeting>();
  readonly #byName = new Map<string, Meeting[]>();
  readonly #named = new Set<string>();
  readonly #onlyServer: string;
  readonly #ownNames: OwnNames;
  readonly #hasAnswers: boolean;
  #comparisons = 0;

  constructor(policy: CompiledPolicy, ownNames: OwnNames) {
    const [first = "server", second] = policy.serversNamed;
    this.#onlyServer = second === undefined ? first : "server";
    this.#ownNames = ownNames;
    this.#hasAnswers = policy.rules.some(({ verdicts }) => verdicts.some(({ kind }) => kind === "answer"));
    for (const { steps } of policy.tests) this.#addTest(steps);
  }

  covers(rule: CompiledRule): boolean {
    if (this.#named.has(rule.id)) return true;
    const name = onlyName(rule.head);
    const among = name === undefined ? [...this.#all.values()] : (this.#byName.get(name) ?? []);
    this.#comparisons += among.length;
    return this.#comparisons > MOST_COMPARISONS || among.some((meeting) => isAbout(rule, meeting));
  }

  #addTest(steps: readonly TestStep[]): void {
    let sent: Meeting | undefined;
    for (const step of steps) {
      if (step.kind === "send" || step.kind === "push") sent = this.#addSent(step);
      if (step.kind === "expect-verdict" && step.by !== undefined) this.#named.add(step.by);
      if (step.kind === "given-thing" || step.kind === "expect-listing") {
        this.#addThing(step.thing, step.name, step.server ?? this.#onlyServer);
      }
      if (step.kind === "expect-listing") this.#addListing(step);
      if (sent !== undefined && step.kind === "reply") this.#addReply(sent, step.result);
      if (sent !== undefined && step.kind === "reply-error") {
        this.#add({ ...sent, phase: "error" });
        this.#add({ ...sent, phase: "failure" });
      }
    }
  }

  #addSent({ method, name, server = this.#onlyServer }: TestStep & { kind: "send" | "push" }): Meeting {
    const thing = methodFacts(method)?.carries[0]?.thing;
    const sent: Meeting = { method, phase: "request", thing, name, server };
    this.#add(sent);
    if (this.#hasAnswers) this.#add({ ...sent, phase: "result" });
    if (thing !== undefined && name !== undefined) this.#addThing(thing, name, server);
    return sent;
  }

  /** A catalogue holds it, so the rules on that list are asked too. */
  #addThing(thing: ThingKind, name: string, server: string): void {
    const list = LISTS.find(({ kind }) => kind === thing);
    this.#add({ method: `${thing} in a list`, phase: "request", thing, name, server });
    if (list !== undefined)
      this.#add({ method: list.method, phase: "result", thing: undefined, name: undefined, server });
  }

  #addListing({ thing, name, server = this.#onlyServer }: TestStep & { kind: "expect-listing" }): void {
    const call = allMethods().find(({ carries }) => carries[0]?.thing === thing);
    if (call) this.#add({ method: call.method, phase: "request", thing, name, server, isListing: true });
  }

  #addReply(sent: Meeting, result: JsonValue): void {
    this.#add({ ...sent, phase: "result" });
    if (!isJsonObject(result)) return;
    if (result["isError"] === true) this.#add({ ...sent, phase: "failure" });
    const list = LISTS.find(({ method }) => method === sent.method);
    const entries = list && result[list.member];
    if (list !== undefined && isJsonArray(entries)) {
      for (const entry of entries) this.#addListed(entry, list, sent.server);
    }
    for (const uri of urisIn(result)) this.#addThing("resource", uri, sent.server);
  }

  #addListed(entry: JsonValue, { kind, identity }: (typeof LISTS)[number], server: string): void {
    const name = isJsonObject(entry) ? entry[identity] : undefined;
    if (typeof name === "string") this.#addThing(kind === "template" ? "resource" : kind, name, server);
  }

  /** Under the name that the test says, and under the own one behind it. */
  #add(meeting: Meeting): void {
    const key = JSON.stringify(meeting);
    if (this.#all.has(key)) return;
    this.#all.set(key, meeting);
    const { name } = meeting;
    if (name === undefined) return;
    const known = this.#byName.get(name);
    if (known === undefined) this.#byName.set(name, [meeting]);
    else known.push(meeting);
    for (const own of this.#ownNames(name)) if (own !== name) this.#add({ ...meeting, name: own });
  }
}

/** Of resources that come inside a result. */
function urisIn(value: JsonValue): readonly string[] {
  if (isJsonArray(value)) return value.flatMap(urisIn);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, held]) =>
    key === "uri" && typeof held === "string" ? [held] : urisIn(held ?? null),
  );
}

function isAbout({ head, verdicts }: CompiledRule, meeting: Meeting): boolean {
  if (meeting.isListing === true && verdicts.length === 0) return false;
  const isOn = head.clauses.every((clause) => clause.kind !== "on" || may(clause.server, meeting.server));
  return isOn && head.targets.some((target) => isMeant(target, meeting));
}

function isMeant(target: CompiledTarget, { method, phase, thing, name }: Meeting): boolean {
  switch (target.kind) {
    case "thing":
      return target.thing === thing && (name === undefined || may(target.name, name));
    case "method": {
      const isNamed = target.name === undefined || name === undefined || may(target.name, name);
      return isNamed && isPhase(target.phase, phase) && may(target.method, method);
    }
    case "any":
      return isKind(target.of, method, phase);
  }
}

function isPhase(wanted: Phase, phase: Meeting["phase"]): boolean {
  return wanted === phase || (wanted === "reply" && phase !== "request");
}

function isKind(of: "message" | "notification" | Phase, method: string, phase: Meeting["phase"]): boolean {
  if (of === "message") return true;
  if (of !== "request" && of !== "notification") return isPhase(of, phase);
  return phase === "request" && (methodFacts(method)?.kind ?? of) === of;
}

function may(pattern: Pattern, text: string): boolean {
  return pattern.matchesName(text) !== "no";
}
