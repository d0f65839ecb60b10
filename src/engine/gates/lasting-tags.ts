// Tags that outlive their call: whose they are, and reading those that hold for a message before its rules are asked.
import type { Sharer } from "../../language/compiled-policy.ts";
import type { Asking } from "../decision.ts";
import { shortened } from "../telling/fill-template.ts";
import { maskText } from "../telling/masking.ts";
import { answerTo, type TagsAnswer } from "../need.ts";
import type { Notes } from "../notes.ts";
import type { Scene } from "../scene.ts";
import { sharesOf } from "./sharers.ts";

/**
 * Where tags are kept for who shares them. `undefined`: that cannot be told. Paths start in the message, whatever the
 * rule is about: who reads them has no thing.
 */
export function* lastingKeys(scene: Scene, by: Sharer): Asking<readonly string[] | undefined> {
  const shares = yield* sharesOf(scene, "body", by);
  const { profile } = scene.facts.principal;
  // What a tag is called says nothing beyond the policy, and each profile has its own.
  const place = profile === undefined ? "" : `${JSON.stringify(profile)} `;
  return shares?.map((share) => place + (by.kind === "principal" ? share : `${by.expression.source} ${share}`));
}

/** The scene with the tags that hold for longer; they are not known where they, or whose they are, could not be had. */
export function* withLastingTags(scene: Scene, notes: Notes): Asking<Scene> {
  return yield* readTags(scene, yield* keysToRead(scene), notes);
}

/**
 * What is judged is what is sent: where transforms changed whose tags are looked at, those of the message as it now
 * stands count. `before`: as it was when they were read.
 */
export function* withTagsOfFinal(before: Scene, scene: Scene, notes: Notes): Asking<Scene> {
  if (scene.content === before.content || scene.revision.policy.lasting.every(({ by }) => by.kind === "principal")) {
    return scene;
  }
  const [old, now] = [yield* keysToRead(before), yield* keysToRead(scene)];
  const isSame = old?.length === now?.length && now?.every((key, index) => key === old?.[index]);
  return isSame ? scene : yield* readTags(scene, now, notes);
}

function* keysToRead(scene: Scene): Asking<readonly string[] | undefined> {
  const keys = new Set<string>();
  for (const { by } of scene.revision.policy.lasting) {
    const some = yield* lastingKeys(scene, by);
    if (!some) return undefined;
    for (const key of some) keys.add(key);
  }
  return [...keys];
}

/** Without keys it is not known whose they would be. */
function* readTags(scene: Scene, keys: readonly string[] | undefined, notes: Notes): Asking<Scene> {
  const answer = keys ? answerTo("tags", yield { kind: "tags", keys }).answer : UNKNOWN;
  if (answer.kind === "tags") return scene.withTags(answer.tags);
  notes.tagsUnread = maskText(scene.revision, shortened(answer.reason), notes.secrets);
  return scene.withTags("unknown");
}

const UNKNOWN: TagsAnswer = { kind: "failed", reason: "whose tags they are cannot be told" };
