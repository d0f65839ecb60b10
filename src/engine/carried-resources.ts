// Resources that come inside a result, embedded or as links: each is judged as what it is, and left out where a rule says so.
import { setAt } from "../expression/edit.ts";
import { parsePath, type Path } from "../expression/path.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../mcp/json.ts";
import { callFacts } from "./matching/call-facts.ts";
import type { Asking } from "./decision.ts";
import type { Facts, ReviewedThing } from "./facts.ts";
import type { IndexedPolicy } from "./index-policy.ts";
import { judge, type Judgement } from "./judge.ts";
import { waysFrom, type Match } from "./matching/narrow.ts";
import { noteOnce, type Notes } from "./notes.ts";
import { placesAt } from "./places.ts";
import { Scene } from "./scene.ts";
import { selectRules } from "./matching/select-rules.ts";
import type { SelectedRules } from "./matching/selection.ts";

/** Whether resources inside such a message have to be looked for. */
export function mayCarryResources(policy: IndexedPolicy, facts: Facts): boolean {
  return policy.judgesResources && facts.kind === "result" && facts.server !== undefined && BLOCKS.has(facts.method);
}

/** What is left out leaves a text in its place. Only where `mayCarryResources`. */
export function* leaveOutResources(scene: Scene, notes: Notes): Asking<Scene> {
  const { facts } = scene;
  const path = BLOCKS.get(facts.method);
  if (!path) return scene;
  let content: JsonValue = scene.content;
  for (const place of placesAt(content, path.steps)) {
    const resource = facts.method === READ ? resourceBeside(place.value, facts) : resourceIn(place.value);
    const judgement = resource && (yield* judgeResource(scene, resource, notes));
    if (!judgement || judgement.verdict === "allow") continue;
    const { rule = "default", reason = `Left out by the policy (${rule}).` } = judgement;
    noteOnce(notes.changedBy, rule);
    content = setAt(content, place.steps, inItsPlace(facts, resource, reason));
  }
  return isJsonObject(content) ? scene.withContent(content) : scene;
}

const READ = "resources/read";

/** Where the content blocks of a result stand. */
const BLOCKS: ReadonlyMap<string, Path> = new Map([
  [READ, parsePath("result.contents[*]")],
  ["tools/call", parsePath("result.content[*]")],
  ["prompts/get", parsePath("result.messages[*].content")],
]);

interface Carried {
  readonly uri: string;
  /** As far as the block says: a link is a definition, an embedded resource has a URI and a type. */
  readonly definition: JsonObject;
}

function resourceIn(block: JsonValue | undefined): Carried | undefined {
  if (!isJsonObject(block)) return undefined;
  const definition = block["type"] === "resource" ? block["resource"] : block;
  const isResource = block["type"] === "resource" || block["type"] === "resource_link";
  if (!isResource || !isJsonObject(definition) || typeof definition["uri"] !== "string") return undefined;
  return { uri: definition["uri"], definition };
}

/** What was read was judged when it was asked for; what else comes with it, such as the files of a folder, was not. */
function resourceBeside(contents: JsonValue | undefined, { name }: Facts): Carried | undefined {
  if (!isJsonObject(contents) || typeof contents["uri"] !== "string" || contents["uri"] === name) return undefined;
  return { uri: contents["uri"], definition: contents };
}

function inItsPlace({ method }: Facts, resource: Carried | undefined, text: string): JsonObject {
  return method === READ && resource ? { uri: resource.uri, mimeType: "text/plain", text } : { type: "text", text };
}

function* judgeResource(scene: Scene, { uri, definition }: Carried, notes: Notes): Asking<Judgement> {
  const { revision, surroundings } = scene;
  const facts = callFacts({ server: scene.facts.server ?? "", kind: "resource", own: uri }, scene.facts.principal);
  const thing: ReviewedThing = { ...NOBODYS, own: uri, definition };
  const inside = new Scene(
    { revision, facts, surroundings: { ...surroundings, thing }, content: {}, definition },
    scene.failures,
  );
  const rules = aboutThings(selectRules(revision.policy, facts), revision.policy);
  return (yield* judge(rules, inside, notes)).judgement;
}

const NOBODYS: Omit<ReviewedThing, "own" | "definition"> = {
  kind: "resource",
  listed: false,
  hiddenBy: undefined,
  changed: false,
  schemaChanged: false,
  truths: new Map(),
};

/**
 * A rule on the message that reads a resource says nothing of a result that holds it, nor does the bare default. Nothing
 * is counted: only what is sent is.
 */
function aboutThings({ verdicts, defaults, ...others }: SelectedRules, policy: IndexedPolicy): SelectedRules {
  return {
    ...others,
    verdicts: verdicts.flatMap((selected) => {
      const match = onThing(selected.match);
      const counted = selected.verdicts.filter(({ kind }) => kind !== "limit");
      return match ? [{ ...selected, match, verdicts: counted }] : [];
    }),
    defaults: defaults.flatMap((entry) => {
      const match = onThing(entry.match);
      return match ? [{ ...entry, match }] : [];
    }),
    bareDefault: { ...policy.bareDefault, verdict: "allow" },
  };
}

function onThing(match: Match): Match | undefined {
  return waysFrom(match, (home) => home === "thing");
}
