// What modules made of whole lists: asked once for the same list, kind of caller and settings while a revision is in force.
import type { JsonValue } from "../../mcp/json.ts";
import { listOfMethod } from "../../mcp/lists.ts";
import { sortedJson } from "../../mcp/sorted-json.ts";
import type { Facts } from "../facts.ts";
import type { ModuleAnswer, ModuleCall } from "../need.ts";

/** By what was asked. It changes. */
export type ListAnswers = Map<string, ModuleAnswer>;

/** When it is full it starts anew. */
const MOST_ANSWERS = 256;

/** `undefined`: it is no list, or nothing (`digest`) tells two of them apart in few characters. */
export function listQuestion(
  facts: Facts,
  call: ModuleCall,
  digest: ((text: string) => string) | undefined,
): string | undefined {
  if (!digest || facts.kind !== "result" || listOfMethod(facts.method) === undefined) return undefined;
  const { module, type, event, payload, config, fails, isShadow, rule, server, principal } = call;
  const who: JsonValue = [principal.client?.name, principal.user?.id, principal.profile].map((one) => one ?? null);
  const claims = principal.user?.claims ?? null;
  const groups = principal.user?.groups ?? null;
  const asked = [module, type, event, rule, server ?? null, fails ?? null, isShadow, config ?? null, payload];
  return digest(sortedJson([...asked, who, claims, groups]));
}

export function rememberAnswer(answers: ListAnswers, question: string, answer: ModuleAnswer): void {
  // What failed once is asked again.
  if (answer.kind === "failed" || answer.used.some(({ outcome }) => outcome === "failed")) return;
  if (answers.size >= MOST_ANSWERS) answers.clear();
  answers.set(question, answer);
}
