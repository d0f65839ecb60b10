// What the rules of one message can see at one moment: the message, the thing it carries, and what stands beside it.
import { readingsAt, valuesAt, type Path } from "../expression/path.ts";
import type { PathHome } from "../expression/pattern.ts";
import { isJsonObject, memberOf, type JsonObject, type JsonValue } from "../mcp/json.ts";
import type { Content } from "./decision.ts";
import type { Facts, Principal, Surroundings } from "./facts.ts";
import type { Home } from "./matching/identity-truth.ts";
import { maskValue } from "./telling/masking.ts";
import { argumentsOf, bodyKeys, definitionAsRead, failureBody, memberAt } from "./natural-body.ts";
import { packedIn, readAs } from "./packed-arguments.ts";
import type { Revision } from "./policy-store.ts";

/** Never changed, only replaced: what a transform makes of it is another scene. */
export class Scene {
  readonly revision: Revision;
  readonly facts: Facts;
  readonly surroundings: Surroundings;
  readonly content: Content;
  /** As it stands in the list; `undefined` when nobody knows the thing. */
  readonly definition: JsonObject | undefined;
  /** The scene that this is the `otherReading` of. */
  readonly otherOf: Scene | undefined;
  /** Tags that outlived their calls and hold for this message. */
  readonly lasting: readonly string[] | "unknown";
  /** Why expressions failed so far, one for each. Shared by all scenes of the message. */
  readonly failures: string[];
  #natural: JsonValue | undefined;
  #beside: JsonObject | undefined;
  #other: { readonly reading: Scene | undefined } | undefined;
  #request: { readonly masked: JsonValue | undefined } | undefined;

  constructor(at: SceneParts, failures: string[] = [], lasting: readonly string[] | "unknown" = NO_TAGS) {
    this.revision = at.revision;
    this.facts = at.facts;
    this.surroundings = at.surroundings;
    this.content = at.content;
    this.definition = at.definition;
    this.otherOf = at.otherOf;
    this.failures = failures;
    this.lasting = lasting;
  }

  withContent(content: Content): Scene {
    return content === this.content ? this : new Scene({ ...this.parts(), content }, this.failures, this.lasting);
  }

  withArguments(given: JsonObject): Scene {
    return this.withContent(withArguments(this.content, given));
  }

  withDefinition(definition: JsonObject): Scene {
    return definition === this.definition
      ? this
      : new Scene({ ...this.parts(), definition }, this.failures, this.lasting);
  }

  withTags(lasting: readonly string[] | "unknown"): Scene {
    return new Scene(this.parts(), this.failures, lasting);
  }

  get pathHome(): PathHome {
    return this.surroundings;
  }

  /** Of a call with texts that some server would take for lists or objects, or of its reply: as that server reads it. */
  get otherReading(): Scene | undefined {
    this.#other ??= { reading: this.otherOf ? undefined : this.readOtherwise() };
    return this.#other.reading;
  }

  /** Where relative paths start. */
  body(home: Home): JsonValue | undefined {
    switch (home) {
      case "thing":
        return this.definition && definitionAsRead(this.definition, this.isAboutTool);
      case "failure":
        return failureBody(this.content);
      case "body":
        this.#natural ??= memberAt(this.content, bodyKeys(this.facts));
        return this.#natural;
    }
  }

  values(home: Home, path: Path): readonly JsonValue[] {
    return valuesAt(this.start(home, path), path);
  }

  /**
   * What a condition is asked of. Who sends a request may leave out in one element of a list what a rule looks for; in replies,
   * blocks of other kinds are nothing unusual.
   */
  readings(home: Home, path: Path): readonly (JsonValue | undefined)[] {
    const isSent = this.facts.kind === "request" && home !== "thing";
    return isSent ? readingsAt(this.start(home, path), path) : this.values(home, path);
  }

  /** `params`, `result`, `error` and what stands beside the message, by name. */
  named(name: string): JsonValue | undefined {
    switch (name) {
      case "message":
        return this.message();
      case "request":
        return this.request();
      case "server":
      case "client":
      case "user":
      case "tags":
        return this.beside()[name];
      default:
        return this.revision.policy.policy.bindings[name];
    }
  }

  private readOtherwise(): Scene | undefined {
    const { facts, surroundings } = this;
    if (facts.method !== "tools/call" || facts.kind === "notification") return undefined;
    // Beside a reply, what nobody has said of the tool is not guessed: most texts are meant as texts.
    if (facts.kind !== "request" && surroundings.thing === undefined) return undefined;
    const request = facts.kind === "request" ? this.content : surroundings.request;
    const given = argumentsOf(request);
    if (!isJsonObject(given)) return undefined;
    const read = readOtherwise(given, surroundings.thing?.definition["inputSchema"]);
    if (read === given) return undefined;
    const other = withArguments(request, read);
    const at = { ...this.parts(), otherOf: this };
    return facts.kind === "request"
      ? new Scene({ ...at, content: other }, this.failures, this.lasting)
      : new Scene({ ...at, surroundings: { ...surroundings, request: other } }, this.failures, this.lasting);
  }

  private start(home: Home, path: Path): JsonValue | undefined {
    return path.absolute ? this.root(path) : this.body(home);
  }

  private get isAboutTool(): boolean {
    const kind = this.surroundings.thing?.kind;
    return kind === undefined || kind === "tool";
  }

  private root(path: Path): JsonObject {
    const first = path.steps[0];
    if (first?.kind !== "member") return {};
    if (first.key === "params" || first.key === "result" || first.key === "error") return this.content;
    if (first.key === "request") return present({ request: this.request() });
    return this.beside();
  }

  private message(): JsonObject {
    const isReply = this.facts.kind === "result" || this.facts.kind === "error";
    return isReply ? this.content : { method: this.facts.method, ...this.content };
  }

  /** Whatever a `redact` or a `supply` hides is hidden here too. */
  private request(): JsonValue | undefined {
    const { request, secrets } = this.surroundings;
    if (request === undefined) return undefined;
    this.#request ??= { masked: maskValue(this.revision, request, secrets) };
    return this.#request.masked;
  }

  private beside(): JsonObject {
    this.#beside ??= besides(this.facts, this.surroundings, this.lasting === "unknown" ? NO_TAGS : this.lasting);
    return this.#beside;
  }

  private parts(): SceneParts {
    const { revision, facts, surroundings, content, definition } = this;
    return { revision, facts, surroundings, content, definition };
  }
}

export type SceneParts = Pick<Scene, "revision" | "facts" | "surroundings" | "content" | "definition"> & {
  readonly otherOf?: Scene;
};

const NO_TAGS: readonly string[] = [];

function besides(facts: Facts, { tags }: Surroundings, lasting: readonly string[]): JsonObject {
  const { client, user } = facts.principal;
  return present({
    server: facts.server,
    client: client && { ...client },
    user: user && userAsJson(user),
    tags: lasting.length === 0 ? tags : [...new Set([...tags, ...lasting])],
  });
}

/** By the arguments, which many scenes of a message share. */
const READ = new WeakMap<JsonObject, { readonly schema: JsonValue | undefined; readonly read: JsonObject }>();

/** The very same where there is nothing to read otherwise. */
function readOtherwise(given: JsonObject, schema: JsonValue | undefined): JsonObject {
  const known = READ.get(given);
  if (known !== undefined && known.schema === schema) return known.read;
  const values = packedIn(given, schema).flatMap((packed) => {
    const value = readAs(packed);
    return value === undefined ? [] : [[packed.name, value] as const];
  });
  const read = values.length === 0 ? given : { ...given, ...Object.fromEntries(values) };
  READ.set(given, { schema, read });
  return read;
}

/** Of a request that has some. */
function withArguments(request: JsonValue | undefined, given: JsonObject): JsonObject {
  const params = memberOf(request, "params");
  return {
    ...(isJsonObject(request) ? request : {}),
    params: { ...(isJsonObject(params) ? params : {}), arguments: given },
  };
}

function userAsJson(user: NonNullable<Principal["user"]>): JsonObject {
  return present({ id: user.id, groups: user.groups, claims: user.claims });
}

function present(members: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const held: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(members)) if (value !== undefined) held[key] = value;
  return held;
}
