// What a transform edits: the content of a message, the definition of a thing, or the text of a failure.
import { valuesAt, type Path, type Step } from "../../expression/path.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import type { FieldTree } from "../../mcp/fields.ts";
import { fieldsAt, fieldsOfDefinition } from "./fit-schema.ts";
import type { Home } from "../matching/identity-truth.ts";
import { bodySteps } from "../natural-body.ts";
import type { Scene } from "../scene.ts";

export interface Subject {
  readonly scene: Scene;
  readonly root: JsonObject;
  readonly steps: readonly Step[];
  /** The text of a failed result, and not the result. */
  readonly isFailure: boolean;
  /** What MCP's schema knows of the value there. */
  readonly fields: FieldTree | undefined;
  /** The scene with another root in its place; `undefined`: that cannot be written. */
  put(root: JsonObject): Scene | undefined;
}

/** `undefined`: a rule may not write there. Without a path, all of it. */
export function subjectAt(scene: Scene, home: Home, path: Path | undefined): Subject | undefined {
  if (home === "thing") return definitionAt(scene, path);
  if (path && !path.absolute && home === "failure" && scene.facts.kind === "result") return failureAt(scene, path);
  const steps = stepsInContent(scene, path);
  if (!steps || isInsideText(scene, steps)) return undefined;
  const put = (content: JsonObject): Scene => scene.withContent(content);
  return { scene, root: scene.content, steps, isFailure: false, fields: fieldsAt(scene.facts, steps), put };
}

function definitionAt(scene: Scene, path: Path | undefined): Subject | undefined {
  const kind = scene.surroundings.thing?.kind;
  if (!scene.definition || !kind || path?.absolute) return undefined;
  const steps = path?.steps ?? [];
  const put = (definition: JsonObject): Scene => scene.withDefinition(definition);
  return { scene, root: scene.definition, steps, isFailure: false, fields: fieldsOfDefinition(kind, steps), put };
}

/** Some server finds something there that cannot be changed here. */
function isInsideText({ content, otherReading }: Scene, steps: readonly Step[]): boolean {
  if (otherReading === undefined) return false;
  return valuesAt(otherReading.content, { steps }).length > 0 && valuesAt(content, { steps }).length === 0;
}

/** The texts of a failed result stand in for the message of an error; there is no code to write. */
function failureAt(scene: Scene, path: Path): Subject | undefined {
  const body = scene.body("failure");
  if (!isJsonObject(body)) return undefined;
  const put = (written: JsonObject): Scene | undefined => {
    const { message, ...others } = written;
    return typeof message === "string" && Object.keys(others).length === 0 ? withText(scene, message) : undefined;
  };
  return { scene, root: body, steps: path.steps, isFailure: true, fields: undefined, put };
}

function withText(scene: Scene, text: string): Scene {
  const { result } = scene.content;
  const content: JsonValue = [{ type: "text", text }];
  return isJsonObject(result) ? scene.withContent({ ...scene.content, result: { ...result, content } }) : scene;
}

function stepsInContent(scene: Scene, path: Path | undefined): readonly Step[] | undefined {
  if (!path) return [];
  if (!path.absolute) return [...bodySteps(scene.facts), ...path.steps];
  const [first] = path.steps;
  return first?.kind === "member" && Object.hasOwn(IN_CONTENT, first.key) ? path.steps : undefined;
}

const IN_CONTENT = { params: true, result: true, error: true };
