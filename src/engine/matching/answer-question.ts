// One question of a rule about one message: yes, no or doubt.
import { compareValues } from "../../expression/compare.ts";
import { elementsOf, type Path } from "../../expression/path.ts";
import { agreed, not, some, type Truth } from "../../expression/truth.ts";
import { truthOf } from "../../expression/where.ts";
import type { ConditionTest } from "../../language/compiled-policy.ts";
import { isJsonArray, isJsonObject, type JsonValue } from "../../mcp/json.ts";
import type { Asking } from "../decision.ts";
import { evaluate, resolveValue, valueNow } from "../evaluate.ts";
import type { Home } from "./identity-truth.ts";
import type { Question } from "./prepare-head.ts";
import type { Scene } from "../scene.ts";

/** A question that asks nobody (`!question.asks`). */
export function answerNow(scene: Scene, home: Home, question: Question): Truth {
  if (isUnknown(scene, home, question)) return "doubt";
  switch (question.kind) {
    case "condition":
      return conditionNow(scene, home, question);
    case "without":
      return not(isPresent(scene.readings(home, question.path)));
    case "containing": {
      const body = scene.body(home);
      return body === undefined ? "no" : question.pattern.isFoundIn(body);
    }
    case "where":
      throw new Error("a `where` has to be asked for");
  }
}

export function* answerQuestion(scene: Scene, home: Home, question: Question): Asking<Truth> {
  if (!question.asks || isUnknown(scene, home, question)) return answerNow(scene, home, question);
  if (question.kind === "where") return yield* answerWhere(scene, home, question);
  if (question.kind !== "condition" || question.condition.test.kind !== "compares") {
    return answerNow(scene, home, question);
  }
  const { anyOf, test } = question.condition;
  const other = yield* resolveValue(scene, home, test.value);
  return some(anyOf.map((path) => compareAll(compared(scene, home, path), path, test.comparison, other)));
}

/** What fails of the value that a text holds, such as `$parse`, was meant for the text. */
function* answerWhere(scene: Scene, home: Home, question: Extract<Question, { kind: "where" }>): Asking<Truth> {
  const truth = truthOf(yield* evaluate(scene, question.expression, scene.body(home)));
  return truth === "doubt" && scene.otherOf ? yield* answerWhere(scene.otherOf, home, question) : truth;
}

/** It hangs on the definition of a thing that nobody knows, or on tags that could not be read. */
function isUnknown(scene: Scene, home: Home, { reads }: Question): boolean {
  return (home === "thing" && reads.home && !scene.definition) || (reads.tags && scene.lasting === "unknown");
}

function conditionNow(scene: Scene, home: Home, question: Extract<Question, { kind: "condition" }>): Truth {
  const { anyOf, test } = question.condition;
  const [only] = anyOf;
  if (only && anyOf.length === 1) return testPath(scene, home, only, test);
  return some(anyOf.map((path) => testPath(scene, home, path, test)));
}

function testPath(scene: Scene, home: Home, path: Path, test: ConditionTest): Truth {
  switch (test.kind) {
    case "present":
      return isPresent(scene.readings(home, path));
    case "matches": {
      const readings = compared(scene, home, path);
      const [first] = readings;
      if (readings.length === 1 && !isJsonArray(first)) return test.pattern.matches(first, scene.pathHome);
      return overAll(readings, path, (value) => test.pattern.matches(value, scene.pathHome));
    }
    case "compares": {
      const other = test.value.kind === "expression" ? undefined : valueNow(scene, home, test.value);
      return compareAll(compared(scene, home, path), path, test.comparison, other);
    }
  }
}

/**
 * Where a text holds an object, and a rule compares the text, it never meant the object: of the other reading only the texts and
 * numbers in lists are compared there.
 */
function compared(scene: Scene, home: Home, path: Path): readonly (JsonValue | undefined)[] {
  const readings = scene.readings(home, path);
  const first = scene.otherOf?.readings(home, path) ?? [];
  const values = first.length === 0 ? [] : elementsOf(readings.filter((value) => value !== undefined));
  if (!values.some(isJsonObject)) return readings;
  const others = values.filter((value) => !isJsonObject(value));
  return others.length === 0 ? first : others;
}

/** Of elements of a list, some that have it and some that have not are in doubt. */
function isPresent(readings: readonly (JsonValue | undefined)[]): Truth {
  return agreed(readings.map((value) => (asked(value)[0] === undefined ? "no" : "yes")));
}

function compareAll(
  readings: readonly (JsonValue | undefined)[],
  path: Path,
  comparison: "=" | "!=" | "<" | "<=" | ">" | ">=",
  other: JsonValue | undefined,
): Truth {
  const values = readings.filter((value) => value !== undefined);
  if (isAboutTags(path)) return tagsCompare(elementsOf(values), comparison, other);
  const [first] = readings;
  if (readings.length <= 1) return compareValues(first, comparison, other);
  if (isJsonArray(other)) return compareValues(values, comparison, other);
  return agreed(readings.map((value) => compareValues(value, comparison, other)));
}

/** Of tags, one that fits is enough: they are a set, and `with tags x` means that x is in it. */
function overAll(
  readings: readonly (JsonValue | undefined)[],
  path: Path,
  test: (value: JsonValue | undefined) => Truth,
): Truth {
  const truths = readings.flatMap((value) => asked(value).map(test));
  return isAboutTags(path) ? some(truths) : agreed(truths);
}

/** A list that is empty is absent. */
function asked(value: JsonValue | undefined): readonly (JsonValue | undefined)[] {
  const elements = value === undefined ? [] : elementsOf([value]);
  return elements.length === 0 ? [undefined] : elements;
}

function tagsCompare(
  tags: readonly JsonValue[],
  comparison: "=" | "!=" | "<" | "<=" | ">" | ">=",
  other: JsonValue | undefined,
): Truth {
  if (comparison === "!=") return not(some(tags.map((tag) => compareValues(tag, "=", other))));
  return some(tags.map((tag) => compareValues(tag, comparison, other)));
}

function isAboutTags(path: Path): boolean {
  const first = path.steps[0];
  return path.absolute && first?.kind === "member" && first.key === "tags";
}
