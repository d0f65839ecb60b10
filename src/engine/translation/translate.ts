// `translate` at its place among the transforms: what catalogues know at once, the rest asked for; what is missing stays as it is.
import type { Path } from "../../expression/path.ts";
import type { CompiledTransform } from "../../language/compiled-policy.ts";
import type { JsonObject } from "../../mcp/json.ts";
import { listOfMethod } from "../../mcp/lists.ts";
import type { Asking } from "../decision.ts";
import type { Home } from "../matching/identity-truth.ts";
import { maskText } from "../telling/masking.ts";
import { answerTo, type TranslationAnswer, type TranslationText } from "../need.ts";
import type { Notes } from "../notes.ts";
import type { Scene } from "../scene.ts";
import type { SelectedRule } from "../matching/selection.ts";
import { subjectAt, type Subject } from "../transforms/subject.ts";
import { failed, type Transformed } from "../transforms/transformed.ts";
import type { FoundText, Readable } from "./found-text.ts";
import { fromCatalogues, withAnswers } from "./from-catalogues.ts";
import { gatherTexts } from "./gather-texts.ts";
import { writeTexts } from "./write-texts.ts";

export type TranslateTransform = Extract<CompiledTransform, { readonly kind: "translate" }>;

/** A message, or one of many definitions, whose texts are translated together. */
export interface Translatable {
  readonly scene: Scene;
  readonly notes: Notes;
}

/** One outcome for each, in their order. All of them are asked for at once. */
export function* translateTogether(
  all: readonly Translatable[],
  home: Home,
  selected: SelectedRule,
  transform: TranslateTransform,
): Asking<readonly Transformed[]> {
  const [first] = all;
  const language = first && languageOf(first.scene, transform);
  if (!first || language === undefined) return all.map(({ scene }) => ({ kind: "done", scene }));
  const held = all.map((one) => heldIn(one, home, transform.paths));
  const found = held.flatMap((one) => (typeof one === "string" ? [] : one.found));
  const known = fromCatalogues(first.scene.revision.translations, language, found);
  const answers = yield* askFor(known.missing, { ...first, home, selected, transform, language });
  const texts = withAnswers(known, answers.texts).values();
  const isLate = answers.isPartial;
  return held.map((one, index) => {
    const { scene, notes } = all[index] ?? first;
    if (typeof one === "string") return failed(one);
    const own = one.found.map(() => texts.next().value);
    const isPartial = isLate && own.includes(undefined);
    if (isPartial && selected.rule.fails === "closed") return failed("a translation is missing");
    if (isPartial) notes.translation = "partial";
    return written(scene, one, own);
  });
}

interface Held {
  readonly subject: Subject;
  readonly found: readonly FoundText[];
}

/** `auto` where nobody here knows what there is. `undefined`: there is nothing for this caller. */
function languageOf({ revision, facts }: Scene, { to, using }: TranslateTransform): string | undefined {
  if (to !== "auto" || !revision.translations) return to;
  return revision.translations.languageFor(facts.principal, using);
}

/** A text: a path that cannot be written. */
function heldIn({ scene }: Translatable, home: Home, paths: readonly Path[] | undefined): Held | string {
  const subjects = paths ? paths.map((path) => subjectAt(scene, home, path)) : [subjectAt(scene, home, undefined)];
  const [subject] = subjects;
  const wrong = subjects.findIndex((one) => one?.isFailure !== subject?.isFailure);
  if (!subject || wrong !== -1) return `\`${paths?.[Math.max(wrong, 0)]?.text ?? ""}\` cannot be translated here`;
  const steps = paths && subjects.flatMap((one) => (one ? [one.steps] : []));
  return { subject, found: gatherTexts(readableOf(scene, home, subject), subject.root, steps) };
}

function readableOf({ facts, surroundings }: Scene, home: Home, { isFailure }: Subject): Readable {
  const { thing } = surroundings;
  if (home === "thing" && thing) return { kind: "definition", server: facts.server, thing: thing.kind, own: thing.own };
  return { kind: isFailure ? "failure" : "message", facts };
}

interface Inquiry extends Translatable {
  readonly home: Home;
  readonly selected: SelectedRule;
  readonly transform: TranslateTransform;
  readonly language: string;
}

/** What holds something that is masked elsewhere does not leave; then it stays as it is. */
function* askFor(
  missing: readonly FoundText[],
  { scene, notes, home, selected, transform, language }: Inquiry,
): Asking<Pick<Extract<TranslationAnswer, { kind: "translated" }>, "texts" | "isPartial">> {
  const masked = (text: string): string => maskText(scene.revision, text, notes.secrets);
  const isLeaving = missing.map(({ text }) => masked(text) === text);
  const leaving = missing.filter((_, index) => isLeaving[index]);
  if (leaving.length === 0) return { texts: [], isPartial: missing.length > 0 };
  const { facts, revision, surroundings } = scene;
  const translation = {
    texts: leaving.map((found): TranslationText => textOf(found, masked)),
    to: language,
    using: transform.using,
    server: facts.server,
    principal: facts.principal,
    // What is only tried asks no client anything.
    session: selected.isEnforced ? surroundings.session : undefined,
    isList: home === "thing" || (facts.kind === "result" && listOfMethod(facts.method) !== undefined),
    isPersonal: leaving.some(({ isPersonal }) => isPersonal),
    rule: selected.rule.id,
    revision: revision.id,
  };
  const { answer } = answerTo("translate", yield { kind: "translate", translation });
  if (answer.kind === "failed") return { texts: [], isPartial: true };
  const texts = answer.texts.values();
  return {
    texts: isLeaving.map((leaves) => (leaves ? texts.next().value : undefined)),
    isPartial: answer.isPartial || leaving.length < missing.length,
  };
}

function textOf({ text, context, about, names }: FoundText, masked: (text: string) => string): TranslationText {
  return { text, context: masked(context), about: masked(about), names: names.map(masked) };
}

function written(scene: Scene, { subject, found }: Held, texts: readonly (string | undefined)[]): Transformed {
  const root: JsonObject = writeTexts(subject.root, found, texts);
  if (root === subject.root) return { kind: "done", scene };
  const after = subject.put(root);
  return after ? { kind: "done", scene: after } : failed("what was translated cannot be put back");
}
