// One module: which of its interceptors are asked about a message, within which time, and what their answers come to.
import type { ModuleAnswer, ModuleCall, ModuleFailure } from "../../engine/need.ts";
import type { JsonObject } from "../../mcp/json.ts";
import { readAnswer } from "./answers.ts";
import { Host, type HostOptions } from "./host.ts";
import { invocationParams, inward } from "./invocation.ts";
import { depart } from "./leaving.ts";
import { ModuleMeter } from "./meter.ts";
import type { ModuleSettings } from "./module-settings.ts";
import { mutate, type Outcome, validate } from "./passes.ts";
import type { Reply } from "./peer.ts";
import { type Selected, select } from "./select.ts";
import { Turnstile } from "./turnstile.ts";
import { isInTime } from "../in-time.ts";

/** What a host gets beyond its own time, since answers need time to come back. */
const GRACE_MS = 250;
const UNREADABLE = "it has to be a JSON object without a key that stands twice, at most 64 deep";

export type CallerOptions = Omit<HostOptions, "meter"> & {
  /** All calls of one message together. */
  readonly deadlineMs: number;
  /** What is declared otherwise than the lock says is not asked, and missed. */
  readonly isPinned: boolean;
};

export class ModuleCaller {
  readonly settings: ModuleSettings;
  readonly host: Host;
  readonly meter = new ModuleMeter();
  private readonly turnstile: Turnstile;
  private readonly deadlineMs: number;
  private readonly maxBytes: number;
  private readonly report: HostOptions["report"];
  private readonly lockedNames: ReadonlySet<string> | undefined;
  private readonly isPinned: boolean;

  constructor(options: CallerOptions) {
    this.settings = options.settings;
    this.turnstile = new Turnstile(options.settings);
    this.deadlineMs = options.deadlineMs;
    this.maxBytes = options.maxBytes;
    this.report = options.report;
    this.lockedNames = options.locked && new Set(options.locked.map(({ name }) => name));
    this.isPinned = options.isPinned;
    this.host = new Host({ ...options, meter: this.meter });
  }

  /** Never rejects; answers within the time that all calls of the message have. */
  async call(call: ModuleCall): Promise<ModuleAnswer> {
    const due = performance.now() + this.deadlineMs - Math.max(0, Date.now() - call.now);
    if (this.host.state.kind === "starting") await isInTime(Math.max(0, due - performance.now()), this.host.started);
    if (this.settings.direction === "receiving" && call.phase === "response") return this.receive(call, due);
    return this.pass(call, due);
  }

  /** Validators see a result as it comes: with the mutators' call, before them, and then no more. */
  private async receive(call: ModuleCall, due: number): Promise<ModuleAnswer> {
    if (call.type === "validation") return this.none();
    const verdict = await this.pass({ ...call, type: "validation" }, due);
    if (verdict.kind !== "pass") return verdict;
    const changed = await this.pass(call, due);
    return { ...changed, used: [...verdict.used, ...changed.used] };
  }

  private async pass(call: ModuleCall, due: number): Promise<ModuleAnswer> {
    const selected = this.selected(call);
    if (selected.length === 0) return this.none();
    const run = call.type === "mutation" ? mutate : validate;
    return run(
      selected,
      call.payload,
      (interceptor, payload) => this.invoke(interceptor, { ...call, payload }, due),
      this.settings,
    );
  }

  private selected(call: ModuleCall): readonly Selected[] {
    const { offers, state, digest } = this.host;
    const revision = state.kind === "up" ? state.revision : undefined;
    const offered = {
      descriptors: offers.listing?.descriptors,
      ever: offers.everListed(),
      locked: this.lockedNames,
      changed: this.isPinned ? offers.changed : [],
      revision,
    };
    const selected = select(this.settings, offered, call);
    if (digest === undefined) return selected;
    return selected.map((one) => Object.assign({}, one, { version: `${one.version ?? ""}+${digest}` }));
  }

  private none(): ModuleAnswer {
    return { kind: "pass", used: [{ module: this.settings.name, ms: 0, outcome: "none" }] };
  }

  private async invoke(interceptor: Selected, call: ModuleCall, due: number): Promise<Outcome> {
    if (interceptor.missed !== undefined) return this.failed("down", performance.now());
    const begun = performance.now();
    const left = Math.min(this.settings.timeoutMs + GRACE_MS, due - begun);
    if (left <= 0) return this.failed("timeout", begun);
    const entered = await this.turnstile.enter(left);
    if (entered !== "in") return this.failed(entered === "full" ? "queue" : "timeout", begun);
    const outcome = await this.askInside(interceptor, call, left - (performance.now() - begun));
    if (outcome.kind === "failed") return this.failed(outcome.reason, begun);
    this.meter.done((performance.now() - begun) / 1000, undefined);
    return outcome;
  }

  /** A bug of ours costs one call, and not the place of all that come after it. */
  private async askInside(interceptor: Selected, call: ModuleCall, withinMs: number): Promise<Outcome> {
    this.meter.inFlight += 1;
    try {
      return await this.ask(interceptor, call, withinMs);
    } finally {
      this.meter.inFlight -= 1;
      this.turnstile.leave();
    }
  }

  private failed(reason: ModuleFailure, begun: number): Outcome {
    this.meter.done((performance.now() - begun) / 1000, reason);
    return { kind: "failed", reason };
  }

  private async ask(interceptor: Selected, call: ModuleCall, withinMs: number): Promise<Outcome> {
    const { settings } = this;
    const departure = depart(call.payload, settings.send);
    const params = invocationParams({ call, settings, interceptor: interceptor.name, departure });
    if (JSON.stringify(params["payload"]).length > this.maxBytes) return { kind: "failed", reason: "size" };
    const reply = await this.host.invoke(params, withinMs);
    if (reply.kind === "failed" && reply.failure === "malformed") this.tellMalformed(interceptor, call, UNREADABLE);
    if (reply.kind !== "result") return { kind: "failed", reason: failureOf(reply) };
    const sent = params["payload"] as JsonObject;
    const { type, phase } = call;
    const answer = readAnswer(reply.result, { interceptor: interceptor.name, type, phase, payload: sent });
    if (answer.kind === "malformed") {
      this.tellMalformed(interceptor, call, answer.reason);
      this.host.failed();
      return { kind: "failed", reason: "malformed" };
    }
    if (answer.kind !== "changed") return answer;
    return { kind: "changed", payload: departure.restore(inward(answer.payload, call, settings)) };
  }

  /** For the operator; `missing` is ours, so that nothing of the message is in it. */
  private tellMalformed({ name }: Selected, { event }: ModuleCall, missing: string): void {
    this.report("warn", `\`${name}\` was asked about ${event}, and its answer is none: ${missing}`);
  }
}

function failureOf(reply: Exclude<Reply, { kind: "result" }>): ModuleFailure {
  if (reply.kind === "failed") return reply.failure;
  // Older hosts have a code of their own for what took too long.
  return reply.reason === "timeout" || reply.code === -32_000 ? "timeout" : "error";
}
