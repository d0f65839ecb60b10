// What the parts of a rule look at, what they change, and what they need of the world outside.
import type { Expression } from "../expression/jsonata/expression.ts";
import type {
  CompiledClause,
  CompiledObservation,
  CompiledTransform,
  CompiledValue,
  CompiledVerdict,
  Sharer,
  Template,
} from "../language/compiled-policy.ts";

/** Paths, and words for what is no path: `any text of the body`. */
export interface Parts {
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  readonly expressions?: readonly Expression[];
}

const EVERYTHING = "any text of the body";

export function partsOfClause(clause: CompiledClause): Parts {
  switch (clause.kind) {
    case "on":
    case "from":
      return {};
    case "for":
      return { reads: [PRINCIPALS[clause.principal]] };
    case "with": {
      const values = clause.all.map(({ test }) => (test.kind === "compares" ? partsOfValue(test.value) : {}));
      return {
        reads: [...clause.all.flatMap(({ anyOf }) => anyOf.map(({ text }) => text)), ...all(values, "reads")],
        expressions: values.flatMap(({ expressions = [] }) => expressions),
      };
    }
    case "without":
      return { reads: [clause.path.text] };
    case "containing":
      return { reads: [EVERYTHING] };
    case "where":
      return { expressions: [clause.expression] };
  }
}

const PRINCIPALS = { client: "client.name", user: "user.id", group: "user.groups", profile: "the profile" } as const;

export function partsOfTransform(transform: CompiledTransform): Parts {
  switch (transform.kind) {
    case "rename":
      return { writes: ["the name that clients see"] };
    case "supply":
    case "set":
    case "add": {
      const value = partsOfValue(transform.value);
      return { ...value, writes: [transform.path.text] };
    }
    case "rewrite":
      return { reads: [transform.path.text], writes: [transform.path.text], expressions: [transform.expression] };
    case "remove":
      return { writes: transform.paths.map(({ text }) => text) };
    case "redact": {
      const where = transform.path?.text ?? EVERYTHING;
      return { reads: [where], writes: [where] };
    }
    case "translate": {
      const where = transform.paths?.map(({ text }) => text) ?? ["what is for people to read"];
      return { reads: where, writes: where };
    }
    case "call":
      return { reads: [EVERYTHING], writes: [EVERYTHING] };
  }
}

function partsOfValue(value: CompiledValue): Parts {
  switch (value.kind) {
    case "literal":
      return {};
    case "path":
      return { reads: [value.path.text] };
    case "expression":
      return { expressions: [value.expression] };
  }
}

export function partsOfVerdict(verdict: CompiledVerdict): Parts {
  switch (verdict.kind) {
    case "allow":
      return {};
    case "block":
      return { reads: verdict.reason ? fieldsIn(verdict.reason) : [] };
    case "ask":
      return { reads: verdict.text ? fieldsIn(verdict.text) : [] };
    case "answer":
      return partsOfValue(verdict.value);
    case "limit": {
      const { of, by, otherwise } = verdict;
      const parts = [otherwise ? partsOfVerdict(otherwise) : {}, partsOfSharer(by)];
      const expressions = parts.flatMap((part) => part.expressions ?? []);
      return { reads: [...all(parts, "reads"), ...(of ? [of.text] : [])], expressions };
    }
  }
}

export function needsOfTransform(transform: CompiledTransform): readonly string[] {
  if (transform.kind === "call") return [`module ${transform.module}`];
  if (transform.kind !== "translate") return [];
  return [transform.using === undefined ? "translations" : `translator ${transform.using}`];
}

export function needsOfVerdict(verdict: CompiledVerdict): readonly string[] {
  if (verdict.kind === "ask") return [verdict.via === undefined ? "a human" : `a human by ${verdict.via}`];
  if (verdict.kind !== "limit") return [];
  return ["a counter", ...(verdict.otherwise ? needsOfVerdict(verdict.otherwise) : [])];
}

/** Without `by` it is the user, or the session. */
function partsOfSharer(by: Sharer | undefined): Parts {
  if (!by) return {};
  return by.kind === "principal" ? { reads: [PRINCIPALS[by.principal]] } : { expressions: [by.expression] };
}

export function partsOfObservation(observation: CompiledObservation): Parts {
  if (observation.kind === "tag") return partsOfSharer(observation.lasting?.by);
  const { text } = observation;
  if (!text) return {};
  return text.kind === "template" ? { reads: fieldsIn(text.template) } : { expressions: [text.expression] };
}

function fieldsIn(template: Template): readonly string[] {
  return template.flatMap((piece) => (piece.kind === "field" ? [piece.path.text] : []));
}

function all(parts: readonly Parts[], of: "reads" | "writes"): readonly string[] {
  return parts.flatMap((part) => part[of] ?? []);
}
