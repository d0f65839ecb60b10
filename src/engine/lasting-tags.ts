// Tags that outlive their call: whose they are, and reading those that hold for a message before its rules are asked.
import type { Sharer } from "../language/compiled-policy.ts";
import type { Asking, LastingTags } from "./decision.ts";
import type { LastingWriter } from "./lasting-writers.ts";
import { answerTo } from "./need.ts";
import type { Scene } from "./scene.ts";
import { sharesOf } from "./sharers.ts";

/** `undefined`: whose they are cannot be told. Paths start in the message, whatever the rule is about: who reads them has no thing. */
export function* lastingTags(
  scene: Scene,
  { names, forMs, by }: LastingWriter,
): Asking<readonly LastingTags[] | undefined> {
  const shares = yield* sharesOf(scene, "body", by);
  return shares?.map((share) => ({ names, forMs, key: keyOf(by, share) }));
}

/** The scene with the tags that hold for longer; they are not known where they, or whose they are, could not be had. */
export function* withLastingTags(scene: Scene): Asking<Scene> {
  const keys = yield* keysToRead(scene);
  return keys ? yield* readTags(scene, keys) : scene.withTags(undefined);
}

/**
 * What is judged is what is sent: where transforms changed whose tags are looked at, those of the message as it now
 * stands count. `before`: as it was when they were read.
 */
export function* withTagsOfFinal(before: Scene, scene: Scene): Asking<Scene> {
  if (scene.content === before.content || scene.revision.policy.lasting.every(({ by }) => by.kind === "principal")) {
    return scene;
  }
  const [old, now] = [yield* keysToRead(before), yield* keysToRead(scene)];
  if (!now) return scene.withTags(undefined);
  const isSame = old?.length === now.length && now.every((key, index) => key === old[index]);
  return isSame ? scene : yield* readTags(scene, now);
}

function* keysToRead(scene: Scene): Asking<readonly string[] | undefined> {
  const keys = new Set<string>();
  for (const { by } of scene.revision.policy.lasting) {
    const shares = yield* sharesOf(scene, "body", by);
    if (!shares) return undefined;
    for (const share of shares) keys.add(keyOf(by, share));
  }
  return [...keys];
}

function* readTags(scene: Scene, keys: readonly string[]): Asking<Scene> {
  const { answer } = answerTo("tags", yield { kind: "tags", keys });
  if (answer.kind === "tags") return scene.withTags(answer.tags);
  scene.failures.push(answer.reason);
  return scene.withTags(undefined);
}

function keyOf(by: Sharer, share: string): string {
  return by.kind === "principal" ? share : `${by.expression.source} ${share}`;
}
