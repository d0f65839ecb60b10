// Who shares a counter or a tag: what `by` gives for a message, as keys that tell nothing.
import type { Expression } from "../../expression/jsonata/expression.ts";
import type { PrincipalKind, Sharer } from "../../language/compiled-policy.ts";
import type { JsonValue } from "../../mcp/json.ts";
import { sortedJson } from "../../mcp/sorted-json.ts";
import type { Asking } from "../decision.ts";
import { evaluate } from "../evaluate.ts";
import type { Home } from "../matching/identity-truth.ts";
import type { Scene } from "../scene.ts";
import { userIdentity } from "./user-identity.ts";

/**
 * One key, or one for each group of somebody who is in several. What yields nothing is one share of all those.
 * Two of an argument
 * that is a text or what it holds. `undefined`: the expression failed. Without `by`: each user, else each session.
 */
export function* sharesOf(scene: Scene, home: Home, by: Sharer | undefined): Asking<readonly string[] | undefined> {
  if (!by) return [digested(scene, userOrSession(scene))];
  if (by.kind === "principal") return principalShares(scene, by.principal).map((share) => digested(scene, share));
  const share = yield* shareOf(scene, home, by.expression);
  const other = scene.otherReading && (yield* shareOf(scene.otherReading, home, by.expression));
  if (share === undefined) return undefined;
  return other === undefined || other === share ? [share] : [share, other];
}

function* shareOf(scene: Scene, home: Home, expression: Expression): Asking<string | undefined> {
  const answer = yield* evaluate(scene, expression, scene.body(home));
  if (answer.kind === "failed") return undefined;
  return digested(scene, answer.value === undefined ? NOTHING : ["value", answer.value]);
}

/** Whether it takes no more than the identity of a message to tell. */
export function isSharedByIdentity(by: Sharer | undefined, hasUser: boolean): boolean {
  return by ? by.kind === "principal" : hasUser;
}

const NOTHING: readonly JsonValue[] = ["value"];

function userOrSession({ facts, surroundings }: Scene): readonly JsonValue[] {
  const { user } = facts.principal;
  if (user) return ["user", ...userIdentity(user)];
  return surroundings.session === undefined ? ["session"] : ["session", surroundings.session];
}

function principalShares({ facts }: Scene, kind: PrincipalKind): readonly (readonly JsonValue[])[] {
  const { client, user, profile } = facts.principal;
  switch (kind) {
    case "client":
      return [client ? [kind, client.name] : [kind]];
    case "user":
      return [user ? [kind, ...userIdentity(user)] : [kind]];
    case "profile":
      return [profile === undefined ? [kind] : [kind, profile]];
    case "group": {
      const groups = [...new Set(user?.groups)];
      return groups.length === 0 ? [[kind]] : groups.map((group) => [kind, group]);
    }
  }
}

function digested({ revision }: Scene, share: readonly JsonValue[]): string {
  const text = sortedJson(share);
  return revision.policy.tools.digest?.(text) ?? text;
}
