// The policy's own words (reasons, questions) in the language of who gets them, where a catalogue has them.
import type { Template } from "../../language/compiled-policy.ts";
import { lookUp, textContext } from "../../mcp/translations.ts";
import type { Scene } from "../scene.ts";

export type PolicyText = "reason" | "text";

/** `rule`: the id of the rule that says it. */
export function inLanguageOf(
  { revision: { translations }, facts }: Pick<Scene, "revision" | "facts">,
  rule: string,
  what: PolicyText,
  template: Template,
): Template {
  const language = translations?.languageFor(facts.principal, undefined);
  if (!translations || language === undefined) return template;
  const text = lookUp(translations, language, policyContext(rule, what), templateText(template));
  return text === undefined ? template : templateOf(text, template);
}

export function policyContext(rule: string, what: PolicyText): string {
  return textContext("policy", "rule", rule, `/${what}`);
}

/** As catalogues have it. */
export function templateText(template: Template): string {
  return template.map((piece) => (piece.kind === "text" ? piece.text : markOf(piece))).join("");
}

type Field = Extract<Template[number], { readonly kind: "field" }>;

function markOf({ path }: Field): string {
  return `{${path.text}}`;
}

/** Only fields of the original are filled in: a catalogue cannot make a reason tell more. */
function templateOf(text: string, original: Template): Template {
  const fields = original.filter((piece) => piece.kind === "field");
  let pieces: Template = [{ kind: "text", text }];
  for (const field of fields)
    pieces = pieces.flatMap((piece) => (piece.kind === "text" ? cut(piece.text, field) : [piece]));
  return pieces;
}

function cut(text: string, field: Field): Template {
  return text
    .split(markOf(field))
    .flatMap((part, index) => (index === 0 ? [{ kind: "text", text: part }] : [field, { kind: "text", text: part }]));
}
