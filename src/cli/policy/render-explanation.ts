// Why a message ended as it did, for people: each rule with what it said, the part that kept it from matching, what it changed.
import type { Explanation } from "../../inspect/explain/explanation.ts";
import { hiddenHow, type ThingOutcome } from "../../inspect/explain/thing-outcome.ts";
import type { GateNote } from "../../inspect/play/gate-note.ts";
import { durationText } from "../../language/duration-text.ts";
import type { DecisionRecord, ModuleRecord } from "../../engine/decision-record.ts";
import type { Difference } from "../../inspect/diff/json-diff.ts";
import type { EndedException, TriedPart, TriedRule } from "../../inspect/explain/tried-rules.ts";
import type { JsonValue } from "../../mcp/json.ts";
import { printable, type Dye, type Paint } from "../paint.ts";

/** Longer JSON is cut: this is read, not stored. `--json` has all of it. */
const LONGEST = 400;
const COLUMN = 10;

export interface Detail {
  /** Also the parts that said yes. */
  readonly allParts: boolean;
}

export function renderExplanation(explanation: Explanation, paint: Paint, detail: Detail): readonly string[] {
  const { kind, method, from, server, name, before, tried, things, gates, record } = explanation;
  const reply = kind === "result" || kind === "error" ? `${kind} of ` : "";
  const what = [reply + method, name, server === undefined ? undefined : `on ${server}`];
  const by = [record.rule === undefined ? "" : `by ${record.rule}`, record.reason ?? ""].filter(
    (words) => words !== "",
  );
  return [
    row("message", `${printable(what.filter((word) => word !== undefined).join(" "))}, from the ${from}`),
    row("", paint.dim(shownJson(before))),
    ...tried.flatMap((rule) => renderTried(rule, record, paint, detail)),
    ...things.flatMap((thing) => renderThing(thing, paint)),
    ...(record.modules ?? []).map((module) => renderModule(module, paint)),
    ...(record.translation === undefined ? [] : [row("texts", "some have no translation, and stay as they are")]),
    ...gates.map((gate) => renderGate(gate, paint)),
    row("verdict", printable([record.verdict, ...by].join(", "))),
  ];
}

/** `none`: it has no interest in such a message, or there is none here. */
function renderModule({ module, rule, outcome, reason, says, isShadow, paths }: ModuleRecord, paint: Paint): string {
  const words = [
    printable(module),
    paint.dim(printable(rule)),
    outcome === "none" ? "has nothing to say" : outcome,
    reason ?? "",
    says === undefined ? "" : shown(says),
    paths === undefined ? "" : printable(paths.join(", ")),
    isShadow === true ? "(in shadow)" : "",
  ];
  return row("called", words.filter((text) => text !== "").join(" "));
}

/** What a human, a counter, a tag or an answer at hand had to do with it. */
function renderGate(gate: GateNote, paint: Paint): string {
  switch (gate.kind) {
    case "asked": {
      const said = gate.said === undefined ? paint.yellow("nobody has answered") : `a human ${gate.said}`;
      return row("asked", `${shown(gate.text)} ${paint.dim(printable(gate.rules.join(", ")))}: ${said}`);
    }
    case "unaskable": {
      const rules = paint.dim(printable(gate.rules.join(", ")));
      return row(
        "asked",
        `${shown(gate.text)} ${rules}: nobody can be asked ${paint.red(`via ${printable(gate.via)}`)}`,
      );
    }
    case "counted":
    case "over": {
      const share = `${gate.used} of ${gate.count} per ${durationText(gate.perMs)}`;
      const word = gate.kind === "over" ? paint.red("no room for it") : "";
      return row("counted", [share, paint.dim(printable(gate.rule)), word].filter((text) => text !== "").join(" "));
    }
    case "tagged":
      return row("tagged", `${printable(gate.names.join(", "))} for ${durationText(gate.forMs)}`);
    case "recalled":
      return row("cache", `answered before ${paint.dim(printable(gate.rule))}`);
    case "missed":
      return row("cache", `nothing kept yet ${paint.dim(printable(gate.rule))}`);
  }
}

/** `- before` and `+ after`, with the place in the value. */
export function renderDifference({ path, before, after }: Difference, paint: Paint): string {
  const at = path === "" ? "" : `${printable(path)}: `;
  const gone = before === undefined ? "" : paint.red(`- ${shownJson(before)}`);
  const come = after === undefined ? "" : paint.green(`+ ${shownJson(after)}`);
  return at + [gone, come].filter((side) => side !== "").join(" ");
}

/** Cut, and harmless to a terminal. */
export function shown(text: string): string {
  return printable(text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text);
}

export function shownJson(value: JsonValue | undefined): string {
  return shown(value === undefined ? "nothing" : JSON.stringify(value));
}

/** A word in a column of its own, and what there is to say. */
export function row(word: string, text: string, colour: Dye = (plain) => plain): string {
  return `  ${colour(word)}${" ".repeat(Math.max(0, COLUMN - word.length))}${text}`;
}

/** A thing of a list that rules hid, changed, renamed, or would have. */
function renderThing(thing: ThingOutcome, paint: Paint): readonly string[] {
  const { kind, own, listed, record, renamed, unnamed, changes } = thing;
  const { place = "", changedBy = [], shadow = [] } = record;
  const isShown = listed && unnamed === undefined;
  const touched = [
    ...(renamed ? [`renamed to ${shown(renamed.to)} by ${printable(renamed.by)}`] : []),
    ...(changedBy.length > 0 ? [`changed by ${printable(changedBy.join(", "))}`] : []),
  ].join(", ");
  const words = [
    ...(listed ? [] : [shown(`is hidden${hiddenHow(record)}`), paint.dim(printable(place))]),
    ...(unnamed === undefined ? [] : [shown(`is hidden: ${unnamed}`)]),
    touched,
    ...shadow.map(({ rule, would }) => `(${printable(rule)} in shadow would ${would})`),
  ];
  const told = `${kind} ${shown(own)} ${words.filter((text) => text !== "").join(" ")}`;
  return [
    row(isShown ? "listed" : "hidden", told, isShown ? undefined : paint.red),
    ...changes.map((change) => row("", `  ${renderDifference(change, paint)}`)),
  ];
}

function renderTried(tried: TriedRule, record: DecisionRecord, paint: Paint, { allParts }: Detail): readonly string[] {
  const { rule, place, stage, truth, parts, changes, failure, ended = [] } = tried;
  const [word, colour] = answer(truth, paint);
  const would = record.shadow?.filter((one) => one.rule === rule).map((one) => one.would);
  const trial = would && would.length > 0 ? `in ${stage}: would ${would.join(", ")}` : `in ${stage}`;
  const notes = [`${printable(place.file)}:${place.line}`, ...(stage === "enforced" ? [] : [trial])].join(", ");
  const told = allParts ? parts : parts.filter((part) => matters(part, truth));
  return [
    row(word, `${printable(rule)} ${paint.dim(notes)}`, colour),
    ...told.map((part) => row("", renderPart(part, paint))),
    ...(truth === "no" ? [] : ended).map((one) => row("", renderEnded(one, paint))),
    ...changes.map((change) => row("", `  ${renderDifference(change, paint)}`)),
    ...(failure === undefined ? [] : [row("", `  ${paint.red(`failed: ${shown(failure)}`)}`)]),
  ];
}

function answer(truth: TriedRule["truth"], paint: Paint): readonly [string, Dye] {
  switch (truth) {
    case "yes":
      return ["matches", paint.green];
    case "no":
      return ["no", paint.dim];
    case "doubt":
      return ["doubt", paint.yellow];
    case undefined:
      return ["unasked", paint.dim];
  }
}

/** What keeps the rule from matching, or leaves it in doubt; of one that matches, what does not keep it from that. */
function matters({ kind, truth }: TriedPart, whole: TriedRule["truth"]): boolean {
  if (kind === "target") return false;
  if (kind === "clause") return whole !== "yes" && truth !== "yes";
  return (truth === "no") === (whole === "yes");
}

function renderEnded({ exception, until }: EndedException, paint: Paint): string {
  const day = new Date(until).toISOString().slice(0, 10);
  return paint.dim(`  no: exception ${printable(exception)}, which ran out on ${day}`);
}

function renderPart({ kind, text, truth, values }: TriedPart, paint: Paint): string {
  const lead = kind === "except" || kind === "exception" ? `${kind} ` : "";
  const seen = values && (values.length === 0 ? "absent" : values.map((value) => shownJson(value)).join(", "));
  return paint.dim(`  ${truth}: ${lead}${shown(text)}${seen === undefined ? "" : `, where it is ${seen}`}`);
}
