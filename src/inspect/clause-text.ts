// Parts of a rule's head in the words of the language, as one would write them again.
import type { IdentityClause, Question } from "../engine/matching/prepare-head.ts";
import type { CompiledCondition, CompiledTarget } from "../language/compiled-policy.ts";
import type { CompiledValue, ConditionTest } from "../language/compiled-value.ts";

export function targetText(target: CompiledTarget): string {
  switch (target.kind) {
    case "thing":
      return `${target.thing} ${target.name.text}`;
    case "any":
      return target.of;
    case "method": {
      const phase = target.phase === "request" ? "" : `${target.phase} of `;
      const method = target.method.parts.map((part) => (part.kind === "glob" ? part.text : "*")).join(" | ");
      return `${phase}${method}${target.name ? ` ${target.name.text}` : ""}`;
    }
  }
}

export function identityText(clause: IdentityClause): string {
  switch (clause.kind) {
    case "on":
      return `on ${clause.server.text}`;
    case "for":
      return `for ${clause.principal} ${clause.name.text}`;
    case "from":
      return `from ${clause.side}`;
  }
}

export function questionText(question: Question): string {
  switch (question.kind) {
    case "condition":
      return `with ${conditionText(question.condition)}`;
    case "without":
      return `without ${question.path.text}`;
    case "containing":
      return `containing ${question.pattern.text}`;
    case "where":
      return `where ${question.expression.source}`;
  }
}

export function conditionText({ anyOf, test }: CompiledCondition): string {
  return anyOf.map((path) => path.text).join(" or ") + testText(test);
}

function testText(test: ConditionTest): string {
  switch (test.kind) {
    case "present":
      return "";
    case "matches":
      return ` ${test.pattern.text}`;
    case "compares":
      return ` ${test.comparison} ${valueText(test.value)}`;
  }
}

export function valueText(value: CompiledValue): string {
  switch (value.kind) {
    case "literal":
      return JSON.stringify(value.value);
    case "expression":
      return value.expression.source;
    case "path":
      return value.path.text;
  }
}
