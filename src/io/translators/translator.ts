// One translator of the settings at work: what is known is not asked, what is on its way not twice, the rest goes in packs.
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { writeUnit } from "../../engine/translation/unit.ts";
import { faultOf } from "../../engine/translation/verify-translation.ts";
import { Breaker } from "../breaker.ts";
import type { Job, Wanted } from "./job.ts";
import type { TranslationMemory } from "./memory.ts";
import { nextPack } from "./next-pack.ts";
import { kindOf, type Pack, type PackLimits, type PackOutcome, type Provider } from "./provider.ts";
import type { TranslationOutcome } from "./tally.ts";
import type { Store } from "../store/store.ts";
import type { Glossary, TranslatorSettings } from "./translation-settings.ts";

export interface TranslatorWorld {
  readonly memory: TranslationMemory;
  /** What other proxies translated; absent: each for itself. */
  readonly shared?: Pick<Store, "recall" | "keep"> | undefined;
  /** For the operator. */
  readonly report: (text: string) => void;
  readonly count: (outcome: TranslationOutcome, texts: number) => void;
}

/** Part of every key: whoever changes what is sent or how it is read counts it up. */
const VERSION = 1;
/** How long other proxies find it: 30 days. What is asked for again after that is translated again. */
const SHARED_MS = 30 * 24 * 3_600_000;
/** Who asked gives up long before a line like that is worked off; what comes on top of it stays as it is. */
const MOST_WAITING = 10_000;
const ATTEMPTS = 4;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;

export class Translator {
  readonly settings: TranslatorSettings;
  private readonly provider: Provider;
  private readonly world: TranslatorWorld;
  private readonly breaker = new Breaker();
  private readonly flights = new Map<string, Promise<string | undefined>>();
  private line: Job[] = [];
  private limits: PackLimits;
  private running = 0;
  private isOff = false;
  private isScheduled = false;
  private lastReason = "";
  private readonly ending = new AbortController();

  constructor(settings: TranslatorSettings, provider: Provider, world: TranslatorWorld) {
    this.settings = settings;
    this.provider = provider;
    this.world = world;
    this.limits = provider.limits;
  }

  /** `undefined`: there is no translation that could be believed, or nobody made one. Never rejects. */
  translate(wanted: Wanted): Promise<string | undefined> {
    const key = this.keyOf(wanted);
    const { memory, count } = this.world;
    const known = memory.get(key);
    if (known !== undefined) count("remembered", 1);
    if (known !== undefined || memory.isRefused(key) || this.isOff) return Promise.resolve(known);
    const job = { ...wanted, key, bytes: Buffer.byteLength(writeUnit(wanted.unit)), isSecond: false };
    const flight = this.flights.get(key) ?? this.find(job);
    this.flights.set(key, flight);
    return flight;
  }

  async close(): Promise<void> {
    this.isOff = true;
    this.ending.abort();
    this.giveUp(this.line.splice(0));
    await this.provider.close();
  }

  private async find(job: Omit<Job, "done">): Promise<string | undefined> {
    try {
      await this.world.memory.loaded;
      return this.world.memory.get(job.key) ?? (await this.recall(job)) ?? (await this.queue(job));
    } finally {
      this.flights.delete(job.key);
    }
  }

  /** What another proxy left is no more believed than what a translator says. */
  private async recall(job: Omit<Job, "done">): Promise<string | undefined> {
    const { shared, memory, count } = this.world;
    if (shared === undefined || !this.mayKeep(job)) return undefined;
    const answer = await shared.recall(sharedKey(job));
    if (answer.kind === "failed" || answer.value === undefined || faultOf(job.unit, answer.value) !== undefined) {
      return undefined;
    }
    memory.keep({ key: job.key, answer: answer.value, name: this.settings.name }, true);
    count("remembered", 1);
    return answer.value;
  }

  private queue(job: Omit<Job, "done">): Promise<string | undefined> {
    if (this.isOff || this.line.length >= MOST_WAITING) return Promise.resolve(undefined);
    const flight = new Promise<string | undefined>((done) => {
      this.line.push({ ...job, done });
    });
    this.pumpSoon();
    return flight;
  }

  /** Where others may read it. */
  private mayKeep({ isPersonal }: Wanted): boolean {
    const { remember } = this.settings;
    return remember === "all" || (remember === "texts" && !isPersonal);
  }

  /** All that is asked for in one go stands in line by then. */
  private pumpSoon(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.pump();
    });
  }

  private pump(): void {
    while (this.line.length > 0 && this.running < this.settings.maxConcurrent) {
      if (this.isOff || this.breaker.isOpen(Date.now())) return this.giveUp(this.line.splice(0));
      const { pack, rest } = nextPack(this.line, this.limits);
      this.line = [...rest];
      this.running += 1;
      void this.run(pack).finally(() => {
        this.running -= 1;
        this.pump();
      });
    }
  }

  private async run(jobs: readonly Job[]): Promise<void> {
    const outcome = await this.attempt(jobs);
    switch (outcome.kind) {
      case "answered":
        return this.take(jobs, outcome.answers);
      case "too-large":
        return this.split(jobs);
      case "busy":
      case "refused":
        if (outcome.kind === "refused" && outcome.isForGood === true) this.isOff = true;
        if (outcome.reason !== this.lastReason) this.sayFailed(outcome.reason);
        return this.giveUp(jobs);
    }
  }

  private sayFailed(reason: string): void {
    this.lastReason = reason;
    const until = this.isOff ? ", and is not asked again before the proxy is started anew" : "";
    this.world.report(`the translator ${this.settings.name} fails: ${reason}${until}; texts stay as they are`);
  }

  private async attempt(jobs: readonly Job[]): Promise<PackOutcome> {
    let waitMs = FIRST_WAIT_MS;
    for (let attempt = 1; ; attempt += 1) {
      if (!this.breaker.mayAsk(Date.now())) return { kind: "busy", reason: this.lastReason };
      this.world.count("asked", jobs.length);
      const outcome = await this.provider.translate(this.packOf(jobs));
      const hasFailed = outcome.kind === "busy" || outcome.kind === "refused";
      if (hasFailed) this.breaker.failed(Date.now());
      else this.breaker.worked();
      if (outcome.kind !== "busy" || attempt === ATTEMPTS || this.ending.signal.aborted) return outcome;
      const afterMs = Math.min(outcome.afterMs ?? waitMs * (0.5 + Math.random() / 2), LONGEST_WAIT_MS);
      await delay(afterMs, undefined, { signal: this.ending.signal, ref: false }).catch(() => undefined);
      waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
    }
  }

  private packOf(jobs: readonly Job[]): Pack {
    const [first] = jobs;
    const target = first?.target ?? "";
    return { source: first?.source ?? "", target, texts: jobs, glossary: this.glossary(target) };
  }

  private take(jobs: readonly Job[], answers: readonly (string | undefined)[]): void {
    this.lastReason = "";
    for (const [index, job] of jobs.entries()) this.takeOne(job, answers[index]);
    if (this.line.length > 0) this.pumpSoon();
  }

  private takeOne(job: Job, answer: string | undefined): void {
    const { memory, shared, count } = this.world;
    const { name } = this.settings;
    if (answer !== undefined && faultOf(job.unit, answer) === undefined) {
      memory.keep({ key: job.key, answer, name }, this.mayKeep(job));
      if (this.mayKeep(job)) void shared?.keep(sharedKey(job), answer, SHARED_MS);
      return job.done(answer);
    }
    if (this.provider.mayDoBetter && !job.isSecond) {
      this.line.push({ ...job, isSecond: true });
      return;
    }
    count("refused", 1);
    memory.refuse(job.key);
    job.done(undefined);
  }

  /** From now on no more than this go together. */
  private split(jobs: readonly Job[]): void {
    if (jobs.length <= 1) return this.giveUp(jobs);
    const texts = Math.ceil(jobs.length / 2);
    this.limits = { ...this.limits, texts: Math.min(this.limits.texts, texts) };
    this.line.unshift(...jobs);
  }

  private giveUp(jobs: readonly Job[]): void {
    if (jobs.length > 0) this.world.count("failed", jobs.length);
    for (const job of jobs) job.done(undefined);
  }

  private glossary(target: string): Glossary {
    return this.settings.glossary.get(target) ?? {};
  }

  private keyOf({ unit, about, source, target }: Wanted): string {
    const { name, provider, keep } = this.settings;
    const model = provider.kind === "openai" ? provider.model : "";
    const formality = provider.kind === "deepl" ? [provider.formality, provider.glossaryIds[target]] : [];
    const glossary = [this.glossary(target), keep, formality];
    const all = [VERSION, name, provider.kind, model, source, target, glossary, kindOf(about), writeUnit(unit)];
    return createHash("sha256").update(JSON.stringify(all)).digest("base64url");
  }
}

function sharedKey({ key }: Pick<Job, "key">): string {
  return `translation:${key}`;
}
