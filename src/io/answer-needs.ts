// Answers what a computation of the engine stops to ask for, and what a message needs of the store.
import type { Asks, Told } from "../dispatch/event.ts";
import type { StoreAnswer, StoreNeed } from "../dispatch/gates/store-need.ts";
import type { Answer, Asking, Need } from "../engine/decision.ts";
import type { ModuleAnswer, TranslationAnswer } from "../engine/need.ts";
import type { Evaluator } from "./evaluation/evaluator.ts";
import type { Modules } from "./modules/create-modules.ts";
import type { Store } from "./store/store.ts";
import type { Translation } from "./translators/translation.ts";

/** Who answers: each kind of need has its own. */
export interface Answerers {
  readonly evaluator: Evaluator;
  /** Absent: whatever is asked of it fails. */
  readonly store?: Store | undefined;
  /** Absent: every module has failed. */
  readonly modules?: Pick<Modules, "call"> | undefined;
  /** Absent: nobody translates. */
  readonly translation?: Pick<Translation, "answer" | "answerOrAsk" | "hear"> | undefined;
}

/** For tests of a policy and commands: carries the computation to its end. Nothing is remembered from one message to the next. */
export function fulfil<T>(asking: Asking<T>, evaluator: Evaluator): Promise<T> {
  return carryOut(asking, { evaluator });
}

/** To its end, with the help of whoever is there. */
export async function carryOut<T>(asking: Asking<T>, answerers: Answerers): Promise<T> {
  let step = asking.next();
  while (step.done !== true) step = asking.next(await answerNeed(step.value, answerers));
  return step.value;
}

/** Who is told can ask the client that is served, where that has to translate. */
export async function tell(asks: Asks, answerers: Answerers): Promise<Told> {
  const { store, translation } = answerers;
  switch (asks.kind) {
    case "store":
      return { kind: "store", answer: store === undefined ? NO_STORE : await askStore(store, asks.store) };
    case "translate": {
      const answer = (await translation?.answerOrAsk(asks.translation)) ?? NO_TRANSLATOR;
      return answer.kind === "ask-client" ? answer : { kind: "translate", answer };
    }
    case "client-said":
      return {
        kind: "translate",
        answer: (await translation?.hear(asks.translation, asks.word)) ?? NO_TRANSLATOR,
      };
    case "evaluate":
    case "call":
    case "tags":
      return answerNeed(asks, answerers);
  }
}

/** What is told where a bug of ours kept the answer away: whoever waits goes on, on the restrictive side. */
export function failedAnswer(asks: Asks): Told {
  const failed = { kind: "failed", reason: "a bug of mcprules; see its log" } as const;
  switch (asks.kind) {
    case "store":
      return { kind: "store", answer: failed };
    case "evaluate":
      return { kind: "evaluate", answer: failed };
    case "call":
      return { kind: "call", answers: asks.calls.map(() => ({ kind: "failed", reason: "error", used: [] })) };
    case "translate":
    case "client-said":
      return { kind: "translate", answer: failed };
    case "tags":
      return { kind: "tags", answer: failed };
  }
}

const NO_MODULE: ModuleAnswer = { kind: "failed", reason: "down", used: [] };
const NO_TRANSLATOR: TranslationAnswer = { kind: "failed", reason: "there is no translator" };
const NO_STORE = { kind: "failed", reason: "there is no store" } as const;

async function answerNeed(need: Need, answerers: Answerers): Promise<Answer> {
  const { evaluator, store, modules, translation } = answerers;
  switch (need.kind) {
    case "evaluate":
      return { kind: "evaluate", answer: await evaluator.evaluate(need.evaluation) };
    case "call":
      return {
        kind: "call",
        answers: await Promise.all(need.calls.map((call) => modules?.call(call) ?? Promise.resolve(NO_MODULE))),
      };
    case "translate":
      return { kind: "translate", answer: (await translation?.answer(need.translation)) ?? NO_TRANSLATOR };
    case "tags":
      return { kind: "tags", answer: store === undefined ? NO_STORE : await store.tags(need.keys) };
  }
}

function askStore(store: Store, need: StoreNeed): Promise<StoreAnswer> {
  switch (need.kind) {
    case "reserve":
      return store.reserve(need.reservations);
    case "recall":
      return store.recall(need.key);
    case "keep":
      return store.keep(need.key, need.value, need.forMs);
    case "spend":
      return store.spend(need.token, need.forMs);
    case "mark":
      return store.mark(need.key, need.names, need.forMs);
    case "park":
      return store.park(need.key, need.value, need.forMs);
    case "fetch":
      return store.fetch(need.key);
  }
}
