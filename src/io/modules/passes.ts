// The two passes over one message: mutators one after the other, all or nothing; validators all of them, whatever the others say.
import type { ModuleAnswer, ModuleFailure, ModuleUse } from "../../engine/need.ts";
import type { JsonObject } from "../../mcp/json.ts";
import type { ModuleSettings } from "./module-settings.ts";
import type { Selected } from "./select.ts";
import type { Answer, Message } from "./wire.ts";

export type Outcome =
  | Exclude<Answer, { readonly kind: "malformed" }>
  | { readonly kind: "failed"; readonly reason: ModuleFailure };

/** Asks one interceptor about this payload. Never rejects. */
export type Invoke = (interceptor: Selected, payload: JsonObject) => Promise<Outcome>;

type Pass = Pick<ModuleSettings, "name" | "isSerial" | "mayTell" | "mayAsk">;

export async function mutate(
  selected: readonly Selected[],
  payload: JsonObject,
  invoke: Invoke,
  pass: Pass,
): Promise<ModuleAnswer> {
  const used: ModuleUse[] = [];
  let current = payload;
  /** Of those that changed something. */
  let failsOpen = true;
  for (const interceptor of selected) {
    const begun = performance.now();
    const outcome = await invoke(interceptor, current);
    used.push(useOf(pass.name, interceptor, begun, outcome));
    if (outcome.kind === "failed" && !interceptor.isAudit && !interceptor.failsOpen) {
      return { kind: "failed", reason: outcome.reason, used };
    }
    if (outcome.kind !== "changed" || interceptor.isAudit) continue;
    current = outcome.payload;
    failsOpen &&= interceptor.failsOpen;
  }
  return current === payload ? { kind: "pass", used } : { kind: "changed", payload: current, failsOpen, used };
}

export async function validate(
  selected: readonly Selected[],
  payload: JsonObject,
  invoke: Invoke,
  pass: Pass,
): Promise<ModuleAnswer> {
  const ask = async (interceptor: Selected): Promise<Asked> => {
    const begun = performance.now();
    const outcome = await invoke(interceptor, payload);
    return { interceptor, outcome, use: useOf(pass.name, interceptor, begun, outcome) };
  };
  const asked = pass.isSerial ? await oneByOne(selected, ask) : await Promise.all(selected.map(ask));
  return { ...verdictOf(asked, pass), used: asked.map(({ use }) => use) };
}

interface Asked {
  readonly interceptor: Selected;
  readonly outcome: Outcome;
  readonly use: ModuleUse;
}

async function oneByOne(
  selected: readonly Selected[],
  ask: (interceptor: Selected) => Promise<Asked>,
): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  for (const interceptor of selected) asked.push(await ask(interceptor));
  return asked;
}

type Verdict = ModuleAnswer extends infer Each ? (Each extends ModuleAnswer ? Omit<Each, "used"> : never) : never;

/** A refusal is stronger than a failure, for it says why; a question is the weakest, since what failed might have refused. */
function verdictOf(asked: readonly Asked[], { mayTell, mayAsk }: Pass): Verdict {
  const counting = asked.filter(({ interceptor }) => !interceptor.isAudit);
  const rejections = counting.flatMap(({ outcome }) => (outcome.kind === "invalid" ? [outcome] : []));
  const asks = mayAsk && rejections.every((rejection) => rejection.asks);
  const [failure] = counting.flatMap(({ interceptor, outcome }) =>
    outcome.kind === "failed" && !interceptor.failsOpen ? [outcome.reason] : [],
  );
  if (rejections.length > 0 && (!asks || failure === undefined)) {
    const messages: readonly Message[] = rejections.flatMap((rejection) => rejection.messages);
    return { kind: "rejected", messages, asks, mayTell };
  }
  return failure === undefined ? { kind: "pass" } : { kind: "failed", reason: failure };
}

const OUTCOMES = {
  valid: "pass",
  unchanged: "pass",
  invalid: "rejected",
  changed: "changed",
  failed: "failed",
} as const;

function useOf(module: string, { name, version }: Selected, begun: number, outcome: Outcome): ModuleUse {
  const ms = Math.round((performance.now() - begun) * 1000) / 1000;
  return {
    module,
    interceptor: name,
    ...(version === undefined ? {} : { version }),
    ms,
    outcome: OUTCOMES[outcome.kind],
  };
}
