// A policy beside the catalogue lock: the tools and prompts it names are there, and take the arguments it speaks of.
import { namesInLock, type CatalogueLock } from "../../mcp/catalogue-lock.ts";
import type { Item } from "../tree/ast.ts";
import { checkLockedArguments } from "./check-lock-arguments.ts";
import { checkLockedCalls } from "./check-lock-modules.ts";
import { checkLockedNames, checkLockedTest } from "./check-lock-names.ts";
import { subjectsOf } from "./locked-things.ts";
import { groupsThatOpen } from "../opening.ts";
import { serversNamed } from "../policy-mentions.ts";
import { ownNamesBy, renamesOf } from "../renames.ts";
import type { Scope } from "../scope.ts";

export function checkLock(items: readonly Item[], lock: CatalogueLock, scope: Scope): void {
  const ownNames = ownNamesBy(items.flatMap((item) => (item.kind === "rule" ? renamesOf(item, scope) : [])));
  const named = serversNamed(items, scope);
  const [only = "server", ...others] = named.length > 0 ? named : namesInLock(lock);
  const testedServer = others.length === 0 ? only : "server";
  const known = { lock, subjectsOf: subjectsOf(lock), ownNames, testedServer, scope };
  for (const item of items) {
    if (item.kind === "test") checkLockedTest(item, known);
    if (item.kind === "let" || item.kind === "test" || item.head === undefined) continue;
    checkLockedNames(item.head, known);
    checkLockedArguments(item.head, item.kind === "rule" ? item.actions : [], groupsThatOpen(item), known);
    if (item.kind === "rule") checkLockedCalls(item, lock, scope);
  }
}
