// A policy that answers as a module: what it would change, and what it would refuse, of messages of another gateway.
import { reviewCatalogue } from "../../engine/catalogue/catalogue.ts";
import type { Asking, Decision } from "../../engine/decision.ts";
import { moduleMessage } from "../../engine/modules/module-message.ts";
import type { PolicyStore, Revision } from "../../engine/policy-store.ts";
import { select } from "../../engine/matching/select.ts";
import { INTERNAL_ERROR, INVALID_PARAMS, METHOD_NOT_FOUND, POLICY_FAILED } from "../../mcp/errors.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import { listOfMethod } from "../../mcp/lists.ts";
import { LEGACY_REVISIONS, MODERN_REVISIONS, settleRevision } from "../../mcp/revisions.ts";
import { type Answerers, carryOut } from "../answer-needs.ts";
import type { DecisionLog } from "../log/decision-log.ts";
import { CONTRACT, eventMatches, hooksMatch, VERDICT_KEY } from "../modules/wire.ts";
import { VERSION } from "../version.ts";
import { decideInvocation, withoutTransforms } from "./decide-invocation.ts";
import { INTERCEPTORS, type Offer, offersOf } from "./offer.ts";
import { type Invocation, readInvocation } from "./read-invocation.ts";
import { within } from "../in-time.ts";

export type HostReply =
  | { readonly kind: "result"; readonly result: JsonObject }
  | { readonly kind: "error"; readonly code: number; readonly message: string; readonly details?: JsonObject };

export interface RulesHostOptions {
  readonly store: PolicyStore;
  readonly answerers: Answerers;
  readonly log: Pick<DecisionLog, "record" | "line">;
}

export class RulesHost {
  private readonly options: RulesHostOptions;

  constructor(options: RulesHostOptions) {
    this.options = options;
  }

  /** Never rejects. */
  async answer(method: string, params: JsonObject): Promise<HostReply> {
    switch (method) {
      case "initialize":
        return result({ protocolVersion: settledOn(params["protocolVersion"]), ...INTRODUCTION });
      case "server/discover":
        return result({ supportedVersions: [...MODERN_REVISIONS, ...LEGACY_REVISIONS], ...INTRODUCTION });
      case "ping":
        return result({});
      case CONTRACT.list:
        return this.list(params["event"]);
      case CONTRACT.invoke:
        return this.invoke(params);
      default:
        return { kind: "error", code: METHOD_NOT_FOUND, message: `there is no ${method} here` };
    }
  }

  /** What it would list now, for who wants to know whether that is another. */
  offers(): readonly Offer[] {
    return offersOf(this.revision().policy.policy);
  }

  private revision(): Revision {
    const revision = this.options.store.current();
    if (revision === undefined) throw new Error("asked before there is a policy");
    return revision;
  }

  private list(event: JsonValue | undefined): HostReply {
    if (event !== undefined && (typeof event !== "string" || event.includes("*"))) {
      return invalid("`event` must be one event, without `*`", {});
    }
    const isMeant = ({ hooks }: Offer): boolean =>
      event === undefined || hooks.some(({ events }) => events.some((one) => eventMatches(one, event)));
    const { id } = this.revision();
    return result({
      interceptors: this.offers()
        .filter(isMeant)
        .map(({ name, type, hooks }) => ({
          name,
          version: id,
          description: DESCRIPTIONS[name],
          type,
          hooks: hooks.map(({ events, phase }) => ({ events: [...events], phase })),
        })),
    });
  }

  private async invoke(params: JsonObject): Promise<HostReply> {
    const now = Date.now();
    const read = readInvocation(params, now);
    if (typeof read === "string") return invalid(read, {});
    const { name, event, phase, timeoutMs } = read;
    const offer = this.offers().find((one) => one.name === name);
    if (offer === undefined) return invalid("there is no such interceptor", { name });
    if (!hooksMatch(offer.hooks, event, phase)) {
      const advertisedHooks = offer.hooks.map((hook) => ({ events: [...hook.events], phase: hook.phase }));
      return invalid("it is not asked about that", { name, event, phase, advertisedHooks });
    }
    const outcome = await within(timeoutMs, this.judge(offer.name, read));
    if (outcome !== undefined) return outcome;
    const details = { interceptor: name, reason: "timeout", timeoutMs, phase };
    return { kind: "error", code: INTERNAL_ERROR, message: "it took too long", details };
  }

  private async judge(name: Offer["name"], read: Invocation): Promise<HostReply> {
    const revision = this.revision();
    const list = read.facts.kind === "result" ? listOfMethod(read.facts.method) : undefined;
    if (name === "transform" && list !== undefined) return this.thinOut(revision, read, list.member);
    const selection = select(revision, read.facts);
    const asked = name === "transform" ? selection : withoutTransforms(selection);
    const decision = await decideInvocation(revision, asked, read, this.options.answerers);
    if (name === "transform") return this.mutated(read, decision);
    this.options.log.record(decision.record);
    for (const line of decision.logs) this.options.log.line(line);
    return this.validated(read, decision);
  }

  /** What a rule notes that changes a message, nobody else sees. */
  private async mutated(read: Invocation, decision: Decision): Promise<HostReply> {
    const isFailed = decision.code === POLICY_FAILED && decision.verdict === "block";
    if (isFailed || !(await this.keepsTags(decision))) {
      const details = { interceptor: read.name, reason: "the policy could not be applied" };
      const message = isFailed ? (decision.reason ?? "failed") : UNTAGGED;
      return { kind: "error", code: INTERNAL_ERROR, message, details };
    }
    const payload = decision.changed ? moduleMessage(read.facts, decision.content)?.payload : undefined;
    return result({ ...echo(read, "transform"), modified: payload !== undefined, payload: payload ?? read.payload });
  }

  /** A list is what its things are after all rules: those that are blocked are left out. */
  private async thinOut(revision: Revision, read: Invocation, member: string): Promise<HostReply> {
    const { facts, payload, surroundings } = read;
    const entries = payload[member];
    const kind = listOfMethod(facts.method)?.kind;
    if (!isJsonArray(entries) || kind === undefined) return invalid(`\`payload.${member}\` must be a list`, {});
    const { now, root, home } = surroundings;
    const { server = "", principal } = facts;
    const definitions = entries.filter(isJsonObject);
    const catalogue = { server, kind, definitions, principal, now, root, home };
    const { things } = await this.fulfil(reviewCatalogue(revision, catalogue));
    const left = things.filter(({ listed }) => listed).map(({ definition }) => definition);
    const isSame = left.length === entries.length && left.every((definition, index) => definition === entries[index]);
    return result({
      ...echo(read, "transform"),
      modified: !isSame,
      payload: isSame ? payload : { ...payload, [member]: left },
    });
  }

  /** What a limit counts, it counts here: the message is sent by who asks, if nobody else objects. */
  private async validated(read: Invocation, decision: Decision): Promise<HostReply> {
    if (decision.verdict === "allow" && !(await this.isWithinLimits(decision))) {
      return rejected(read, "over a limit", {});
    }
    if (decision.verdict !== "ask" && !(await this.keepsTags(decision))) {
      return rejected(read, UNTAGGED, {});
    }
    const reason = decision.reason ?? "refused by a rule";
    switch (decision.verdict) {
      case "allow":
        return result({ ...echo(read, "verdict"), valid: true });
      case "block":
        return rejected(read, reason, {});
      case "ask":
        // Nobody here hears the answer, so a tag that hangs on it could not be kept.
        return rejected(
          read,
          decision.question?.text ?? reason,
          decision.lasting.length === 0 ? { [VERDICT_KEY]: "ask" } : {},
        );
      case "answer":
        return rejected(read, reason, { "dev.mcprules/answer": decision.answer ?? null });
    }
  }

  private async isWithinLimits({ limits }: Decision): Promise<boolean> {
    if (limits.length === 0) return true;
    const answer = await this.options.answerers.store?.reserve(limits);
    return (
      answer?.kind === "reserved" || (answer?.kind !== "over" && limits.every(({ failsOpen }) => failsOpen === true))
    );
  }

  private async keepsTags({ lasting }: Decision): Promise<boolean> {
    const { store } = this.options.answerers;
    const kept = await Promise.all(lasting.map(async ({ key, names, forMs }) => store?.mark(key, names, forMs)));
    return lasting.every(({ failsOpen }, index) => failsOpen || kept[index]?.kind === "kept");
  }

  private fulfil<T>(asking: Asking<T>): Promise<T> {
    return carryOut(asking, this.options.answerers);
  }
}

const INTRODUCTION = {
  capabilities: { extensions: { [CONTRACT.capability]: {} } },
  serverInfo: { name: "mcprules", title: "mcprules serve-module", version: VERSION },
};

function settledOn(wanted: JsonValue | undefined): string {
  return settleRevision(typeof wanted === "string" ? wanted : "");
}

const UNTAGGED = "a tag that lasts could not be kept";

const DESCRIPTIONS = {
  transform: "Changes messages as the rules say, and leaves out of lists what they block.",
  verdict:
    "Refuses messages that the rules block, and those that they ask a human about. It changes nothing: ask `transform` before.",
} as const;

function rejected(read: Invocation, message: string, info: JsonObject): HostReply {
  const said = { messages: [{ message, severity: "error" }], ...(Object.keys(info).length === 0 ? {} : { info }) };
  return result({ ...echo(read, "verdict"), valid: false, severity: "error", ...said });
}

function echo({ phase }: Invocation, name: Offer["name"]): JsonObject {
  return { interceptor: name, type: INTERCEPTORS[name], phase };
}

function result(value: JsonObject): HostReply {
  return { kind: "result", result: value };
}

function invalid(message: string, details: JsonObject): HostReply {
  return { kind: "error", code: INVALID_PARAMS, message, details };
}
