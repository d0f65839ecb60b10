// A module of the settings as a translator: a mutator of the event `mcprules/translate`, asked with items and answering with them.
import type { ModuleAnswer, ModuleCall } from "../../engine/need.ts";
import { answersIn, itemsOf } from "./item-list.ts";
import type { Pack, PackLimits, PackOutcome, Provider } from "./provider.ts";

export type CallModule = (call: ModuleCall) => Promise<ModuleAnswer>;

export class ModuleProvider implements Provider {
  readonly limits: PackLimits = { texts: 50, bytes: 100 * 1024 };
  readonly mayDoBetter = false;
  private readonly module: string;
  private readonly call: CallModule;

  constructor(module: string, call: CallModule) {
    this.module = module;
    this.call = call;
  }

  async translate(pack: Pack): Promise<PackOutcome> {
    const answer = await this.call(this.callFor(pack));
    switch (answer.kind) {
      case "pass":
        return { kind: "refused", reason: "it translates nothing" };
      case "rejected":
        return { kind: "refused", reason: "it refuses" };
      case "failed":
        return { kind: "busy", reason: `it fails (${answer.reason})` };
      case "changed": {
        const answers = answersIn(answer.payload, new Set(pack.texts.keys()));
        if (answers === undefined) return { kind: "refused", reason: "its answer is malformed" };
        return { kind: "answered", answers: pack.texts.map((_, index) => answers.get(index)) };
      }
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Many messages may wait for the answer, so it is about none of them. */
  private callFor(pack: Pack): ModuleCall {
    return {
      module: this.module,
      type: "mutation",
      event: "mcprules/translate",
      phase: "request",
      payload: itemsOf(pack),
      config: undefined,
      fails: "closed",
      isShadow: false,
      rule: "",
      revision: "",
      server: undefined,
      from: "server",
      principal: { client: undefined, user: undefined, profile: undefined },
      session: undefined,
      request: undefined,
      now: Date.now(),
    };
  }
}
