// A client of the modern era that listens for a resource of a server that is only remembered: it is judged by what the server itself lists.
import { expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import { isJsonObject } from "../../../src/mcp/json.ts";
import { ALLOW, modern, type Said, type ServerScript, Stage } from "../stage.ts";

const POLICY = `${ALLOW}\nrule secret\n  when resource *\n  with mimeType "x/secret"\n  block`;
const LISTEN = modern("listen", "subscriptions/listen", { notifications: { resourceSubscriptions: ["x:y"] } });

/** The resources of the second client's server are of this type; those of the first were plain. */
class Scene {
  readonly stage: Stage;
  private readonly listed: { resources: readonly JsonObject[] };

  constructor(era: "legacy" | "modern") {
    this.listed = { resources: [resource("x/plain")] };
    const script: ServerScript = { era, resources: [] };
    // As the script says, but for what it lists, which changes.
    Object.defineProperty(script, "resources", { get: () => this.listed.resources });
    this.stage = new Stage({ policy: POLICY, servers: { a: script } });
    this.enter("c");
    this.stage.raise("a", "c");
    this.enter("d");
  }

  /** From now on. */
  lists(mimeType: string): void {
    this.listed.resources = [resource(mimeType)];
  }

  up(mimeType: string): readonly Said[] {
    this.lists(mimeType);
    return this.stage.raise("a", "d");
  }

  enter(client: string): void {
    this.stage.happen({ kind: "client-opened", client, user: undefined, profile: undefined });
    this.stage.client(modern("hello", "server/discover"), client);
  }
}

function resource(mimeType: string): JsonObject {
  return { uri: "x:y", name: "y", mimeType };
}

function asked(said: readonly Said[]): readonly JsonValue[] {
  return said.flatMap(([to, message]) => {
    if (to !== "a" || !isJsonObject(message)) return [];
    const { method, params = null } = message;
    return method === "resources/subscribe" || method === "subscriptions/listen" ? [params] : [];
  });
}

test.each(["legacy", "modern"] as const)("a %s server is asked to tell of it once it has listed it", (era) => {
  const scene = new Scene(era);
  expect(scene.stage.client(LISTEN, "d")).toEqual([]);
  expect(JSON.stringify(asked(scene.up("x/plain")))).toContain("x:y");
});

test.each(["legacy", "modern"] as const)("a %s server that lists it as what a rule hides is not", (era) => {
  const scene = new Scene(era);
  scene.stage.client(LISTEN, "d");
  expect(JSON.stringify(asked(scene.up("x/secret")))).not.toContain("x:y");
});

test("a server that does not come tells of nothing, and keeps nobody from the rest", () => {
  const scene = new Scene("legacy");
  scene.stage.client(LISTEN, "d");
  const said = scene.stage.fire(10_000);
  expect(said).toMatchObject([["client", { method: "notifications/subscriptions/acknowledged" }]]);
  expect(JSON.stringify(said)).not.toContain("x:y");
});

test("what a server lists once its client follows something is shown to nobody else", () => {
  const scene = new Scene("legacy");
  scene.stage.client(LISTEN, "c");
  scene.lists("x/new");
  scene.stage.play("a", scene.stage.server("a", { method: "notifications/resources/list_changed" }, "c"), "c");
  scene.enter("e");
  const listed = scene.stage.client(modern("list", "resources/list"), "e");
  expect(JSON.stringify(listed)).toContain("x/plain");
});
