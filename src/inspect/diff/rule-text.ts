// A rule line by line, in the words of the language, for comparing two versions of it. Lets are filled in.
import type {
  CompiledClause,
  CompiledHead,
  CompiledObservation,
  CompiledRule,
  CompiledTransform,
  CompiledVerdict,
  Sharer,
  Template,
} from "../../language/compiled-policy.ts";
import { durationText } from "../../language/duration-text.ts";
import { conditionText, identityText, targetText, valueText } from "../clause-text.ts";

/** Its place, id and description are not in it. */
export function ruleLines(rule: CompiledRule): readonly string[] {
  const { stage, fails, head, transforms, verdicts, observations, cache } = rule;
  return [
    ...(stage.kind === "shadow" ? ["in shadow"] : []),
    ...(stage.kind === "canary" ? [`in canary ${stage.percent}%`] : []),
    ...(fails === undefined ? [] : [`fails ${fails}`]),
    ...headLines(head),
    ...transforms.map(transformText),
    ...verdicts.map(verdictText),
    ...observations.map(observationText),
    ...(cache ? [cacheText(cache)] : []),
  ];
}

export function headLines({ targets, clauses, excepts }: CompiledHead): readonly string[] {
  return [
    ...(targets.length > 0 ? [`when ${targets.map(targetText).join(" or ")}`] : []),
    ...clauses.map(clauseText),
    ...excepts.map((group) => `except ${group.map(clauseText).join(" ")}`),
  ];
}

function clauseText(clause: CompiledClause): string {
  switch (clause.kind) {
    case "on":
    case "for":
    case "from":
      return identityText(clause);
    case "with":
      return `with ${clause.all.map(conditionText).join(" and ")}`;
    case "without":
      return `without ${clause.path.text}`;
    case "containing":
      return `containing ${clause.pattern.text}`;
    case "where":
      return `where ${clause.expression.source}`;
  }
}

export function transformText(transform: CompiledTransform): string {
  switch (transform.kind) {
    case "rename":
      return `rename ${transform.from.text} to ${transform.to}`;
    case "supply":
      return `supply ${transform.path.text} = ${valueText(transform.value)}`;
    case "rewrite":
      return `rewrite ${transform.path.text} ${transform.expression.source}`;
    case "set":
      return `set ${transform.path.text} = ${valueText(transform.value)}`;
    case "remove":
      return `remove ${transform.paths.map((path) => path.text).join(", ")}`;
    case "add":
      return `add ${valueText(transform.value)} to ${transform.path.text}`;
    case "redact": {
      const where = transform.path ? ` in ${transform.path.text}` : "";
      return `redact ${transform.pattern.text}${where} as ${JSON.stringify(transform.as)}`;
    }
    case "translate": {
      const { paths, to, using } = transform;
      const where = paths ? ` in ${paths.map(({ text }) => text).join(", ")}` : "";
      return `translate${where} to ${JSON.stringify(to)}${using === undefined ? "" : ` using ${using}`}`;
    }
    case "call": {
      const { module, config } = transform;
      return `call ${module}${config === undefined ? "" : ` ${JSON.stringify(config)}`}`;
    }
  }
}

function verdictText(verdict: CompiledVerdict): string {
  switch (verdict.kind) {
    case "allow":
      return "allow";
    case "block":
      return [
        "block",
        ...(verdict.reason ? [templateText(verdict.reason)] : []),
        ...(verdict.asError ? ["as error"] : []),
      ].join(" ");
    case "answer":
      return `answer ${valueText(verdict.value)}`;
    case "ask":
      return [
        "ask",
        ...(verdict.text ? [templateText(verdict.text)] : []),
        ...(verdict.withinMs === undefined ? [] : [`within ${durationText(verdict.withinMs)}`]),
        ...(verdict.via === undefined ? [] : [`via ${verdict.via}`]),
      ].join(" ");
    case "limit":
      return [
        `limit ${verdict.count}`,
        ...(verdict.of ? [`of ${verdict.of.text}`] : []),
        `per ${durationText(verdict.perMs)}`,
        ...(verdict.by ? [`by ${sharerText(verdict.by)}`] : []),
        ...(verdict.otherwise ? [`else ${verdictText(verdict.otherwise)}`] : []),
      ].join(" ");
  }
}

function sharerText(by: Sharer): string {
  return by.kind === "principal" ? by.principal : by.expression.source;
}

function observationText(observation: CompiledObservation): string {
  if (observation.kind === "tag") {
    const { names, lasting } = observation;
    const long = lasting ? ` for ${durationText(lasting.forMs)} by ${sharerText(lasting.by)}` : "";
    return `tag ${names.join(", ")}${long}`;
  }
  const { level, percent, sink, text } = observation;
  const words = [
    "log",
    level,
    ...(percent === 100 ? [] : [`${percent}%`]),
    ...(sink === undefined ? [] : [`to ${sink}`]),
  ];
  if (text?.kind === "template") words.push(templateText(text.template));
  if (text?.kind === "expression") words.push(text.expression.source);
  return words.join(" ");
}

function cacheText({ forMs, by }: NonNullable<CompiledRule["cache"]>): string {
  return `cache for ${durationText(forMs)}${by ? ` by ${by.source}` : ""}`;
}

function templateText(template: Template): string {
  const pieces = template.map((piece) =>
    piece.kind === "text" ? piece.text.replaceAll("{", "{{") : `{${piece.path.text}}`,
  );
  return JSON.stringify(pieces.join(""));
}
