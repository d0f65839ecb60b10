// What a message takes of the limits it falls under, and what becomes of it where one is used up.
import { elementsOf, type Path } from "../../expression/path.ts";
import { answerResult } from "../answer-result.ts";
import type { Asking, Otherwise, Reservation } from "../decision.ts";
import { resolveValue } from "../evaluate.ts";
import { fillTemplate } from "../telling/fill-template.ts";
import type { SelectedVerdict } from "../gather-verdicts.ts";
import type { Home } from "../matching/identity-truth.ts";
import { leadingWay } from "../matching/match-truth.ts";
import { noteOnce, type Notes } from "../notes.ts";
import { questionOf } from "./question.ts";
import type { Scene } from "../scene.ts";
import type { SelectedRule } from "../matching/selection.ts";
import { sharesOf } from "./sharers.ts";
import { inLanguageOf } from "../translation/policy-texts.ts";

type Limited = SelectedVerdict<"limit">;

export type Reserved =
  | { readonly kind: "reserved"; readonly reservations: readonly Reservation[] }
  /** It cannot be told what a message takes, or of whose share. */
  | { readonly kind: "failed"; readonly selected: SelectedRule; readonly reason: string };

export function* reservationsOf(limits: readonly Limited[], scene: Scene, notes: Notes): Asking<Reserved> {
  const reservations: Reservation[] = [];
  for (const limited of limits) {
    const taken = yield* reserve(limited, scene, notes);
    if (typeof taken !== "string") reservations.push(...taken);
    else if (limited.selected.rule.fails === "open") noteOnce(notes.failedOpen, limited.selected.rule.id);
    else return { kind: "failed", selected: limited.selected, reason: taken };
  }
  return { kind: "reserved", reservations };
}

/** A text: why it cannot be counted. */
function* reserve({ selected, verdict }: Limited, scene: Scene, notes: Notes): Asking<readonly Reservation[] | string> {
  const { rule } = selected;
  const { count, of, perMs, by } = verdict;
  const home = leadingWay(scene, selected.match)?.home ?? "body";
  const amount = of ? amountAt(scene, home, of) : 1;
  if (amount === undefined) return `\`${of?.text ?? ""}\` is no number of 0 or more`;
  const shares = yield* sharesOf(scene, home, by);
  if (!shares) return "whose limit it is cannot be told";
  const otherwise = yield* otherwiseOf({ selected, verdict }, home, scene, notes);
  const failsOpen = rule.fails === "open";
  return shares.map((share) => ({
    rule: rule.id,
    place: rule.place,
    key: `${rule.id} ${share}`,
    count,
    amount,
    perMs,
    failsOpen,
    otherwise,
  }));
}

/** Of several values (`items[*].amount`) the sum. What is absent might be anything. */
function amountAt(scene: Scene, home: Home, of: Path): number | undefined {
  const readings = scene.readings(home, of);
  const values = elementsOf(readings.filter((value) => value !== undefined));
  let sum = 0;
  for (const value of values) {
    if (typeof value !== "number" || !(value >= 0)) return undefined;
    sum += value;
  }
  return values.length > 0 && !readings.includes(undefined) && sum <= Number.MAX_SAFE_INTEGER ? sum : undefined;
}

function* otherwiseOf({ selected, verdict }: Limited, home: Home, scene: Scene, notes: Notes): Asking<Otherwise> {
  const { otherwise } = verdict;
  const { id } = selected.rule;
  switch (otherwise?.kind) {
    case undefined:
      return { kind: "block", reason: `Over the limit (${id}).`, asError: false };
    case "block": {
      const { reason, asError } = otherwise;
      const spoken = reason && inLanguageOf(scene, id, "reason", reason);
      const text = spoken ? fillTemplate(scene, home, spoken, "reason", notes.secrets) : `Over the limit (${id}).`;
      return { kind: "block", reason: text, asError };
    }
    case "ask": {
      const put = questionOf([{ selected, verdict: otherwise }], scene, notes);
      return put.kind === "question"
        ? { kind: "ask", question: put.question }
        : { ...put, kind: "block", asError: false };
    }
    case "answer": {
      const value = yield* resolveValue(scene, home, otherwise.value);
      const answer = value === undefined ? undefined : answerResult(scene.facts, value);
      return answer ? { kind: "answer", answer } : { kind: "block", reason: `Over the limit (${id}).`, asError: false };
    }
  }
}
