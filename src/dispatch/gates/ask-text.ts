// What a human reads: the text of the rules that ask, and what it is about.
import type { Question } from "../../engine/decision.ts";
import type { Facts } from "../../engine/facts.ts";
import { shortened } from "../../engine/telling/fill-template.ts";

/** In all. */
const MOST_CHARACTERS = 1000;

/** Always ends with what it is about and which rules ask: what a client wrote cannot push that out of sight. */
export function shownText(
  { text, rules }: Question,
  { server, name, method }: Facts,
  mask: (text: string) => string,
): string {
  const about = [server ?? "", shortened(mask(name ?? method)), `rule ${listed(rules)}`];
  const end = defanged(`\n\n${about.filter((word) => word !== "").join(" · ")}`);
  return cut(defanged(text), MOST_CHARACTERS - Array.from(end).length) + end;
}

/** More would leave no room for the question. */
const MOST_RULES = 5;

function listed(rules: readonly string[]): string {
  const named = rules.slice(0, MOST_RULES).map(shortened).join(", ");
  const others = rules.length - MOST_RULES;
  return others > 0 ? `${named} and ${others} more` : named;
}

function cut(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

/** A form holds no URL that could be followed (2025-11-25, Elicitation, Safe URL Handling): it can be read, not clicked. */
function defanged(text: string): string {
  return text.replaceAll(/:\/\//g, "[:]//");
}
