// Servers that start when they are needed: the first client of a kind has them started, later ones know what there is without.
import { describe, expect, test } from "vitest";
import { DEFAULT_LIFE } from "../../../src/dispatch/life/life-options.ts";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import { hello, type Said, Stage } from "../stage.ts";

const SERVER = { name: "a", root: undefined, home: undefined, transport: "stdio", era: "legacy" } as const;
const LAZY = { servers: [{ ...SERVER, life: { ...DEFAULT_LIFE, start: "lazy" as const } }] };
const SCRIPT = { instructions: "Be kind.", prompts: [{ name: "p" }] };
const CALL = { id: 7, method: "tools/call", params: { name: "echo", arguments: {} } };

interface Enter {
  readonly client?: string;
  readonly hello?: JsonObject;
  readonly user?: { readonly id: string; readonly groups: readonly string[]; readonly claims: JsonValue };
}

function enter(stage: Stage, { client = "c", hello: params = {}, user }: Enter = {}): readonly Said[] {
  stage.happen({ kind: "client-opened", client, user, profile: undefined });
  return stage.client(hello(params), client);
}

/** The process of this client's runs, and plays its script. */
function raise(stage: Stage, client: string): readonly Said[] {
  const play = (said: readonly Said[]): readonly Said[] =>
    said.flatMap((entry) => {
      const [to, message] = entry;
      const { id, method } = message as JsonObject;
      const result = to === "a" && typeof method === "string" ? resultOf(method) : undefined;
      return result === undefined || id === undefined
        ? [entry]
        : [entry, ...play(stage.server("a", { id, result }, client))];
    });
  return play(stage.happen({ kind: "server-opened", client, server: "a" }));
}

function resultOf(method: string): JsonObject | undefined {
  const capabilities = { tools: {}, prompts: {} };
  if (method === "initialize")
    return { protocolVersion: "2025-11-25", capabilities, serverInfo: {}, instructions: SCRIPT.instructions };
  if (method === "tools/list") return { tools: [{ name: "echo", inputSchema: { type: "object" } }] };
  return method === "prompts/list" ? { prompts: SCRIPT.prompts } : undefined;
}

function isStarted(stage: Stage, client: string): boolean {
  return stage.others.some((command) => command.kind === "open-server" && command.client === client);
}

function first(stage: Stage): void {
  enter(stage);
  raise(stage, "c");
}

describe("the first client of its kind", () => {
  test("has the server started when it introduces itself, and not before", () => {
    const stage = new Stage({ options: LAZY });
    stage.happen({ kind: "client-opened", client: "c", user: undefined, profile: undefined });
    expect(isStarted(stage, "c")).toBe(false);
    stage.client(hello());
    expect(isStarted(stage, "c")).toBe(true);
    expect(raise(stage, "c")).toContainEqual([
      "client",
      expect.objectContaining({ id: "hello", result: expect.objectContaining({ instructions: "Be kind." }) }),
    ]);
  });
});

describe("a later client", () => {
  test("is answered, and gets the lists, without a process", () => {
    const stage = new Stage({ options: LAZY });
    first(stage);
    expect(enter(stage, { client: "d" })).toEqual([
      ["client", expect.objectContaining({ result: expect.objectContaining({ instructions: "Be kind." }) })],
    ]);
    const tools = [{ name: "echo", inputSchema: { type: "object" } }];
    const listed = stage.client({ id: 1, method: "tools/list" }, "d");
    expect(listed).toEqual([["client", expect.objectContaining({ id: 1, result: { tools } })]]);
    expect(isStarted(stage, "d")).toBe(false);
    expect(stage.dispatcher.status()[1]?.servers[0]).toMatchObject({ state: "asleep", restarts: 0 });
  });

  test("has it started by the first call, which waits for it", () => {
    const stage = new Stage({ options: LAZY });
    first(stage);
    enter(stage, { client: "d" });
    expect(stage.client(CALL, "d")).toEqual([]);
    expect(isStarted(stage, "d")).toBe(true);
    const said = raise(stage, "d");
    const call = said.find(([, message]) => (message as JsonObject)["method"] === "tools/call")?.[1] as JsonObject;
    expect(stage.server("a", { id: call["id"] ?? null, result: {} }, "d")).toEqual([
      ["client", expect.objectContaining({ id: 7, result: {} })],
    ]);
    expect(said.filter(([to]) => to === "client")).toEqual([]);
  });

  test("waits 10 s for it, and then gets 5030", () => {
    const stage = new Stage({ options: LAZY });
    first(stage);
    enter(stage, { client: "d" });
    stage.client(CALL, "d");
    const error = { code: 5030, message: "the server `a` cannot be reached: it is slow to start" };
    expect(stage.fire(10_000)).toEqual([["client", expect.objectContaining({ id: 7, error })]]);
  });

  test("has it started by a method that nobody knows", () => {
    const stage = new Stage({ options: LAZY });
    first(stage);
    enter(stage, { client: "d" });
    stage.client({ id: 9, method: "acme/x" }, "d");
    expect(isStarted(stage, "d")).toBe(true);
    expect(raise(stage, "d")).toContainEqual(["a", expect.objectContaining({ method: "acme/x" })]);
  });

  test("is told at once of a name that nobody has, and nothing is started for it", () => {
    const stage = new Stage({ options: LAZY });
    first(stage);
    enter(stage, { client: "d" });
    const call = { id: 7, method: "tools/call", params: { name: "new", arguments: {} } };
    expect(stage.client(call, "d")).toMatchObject([["client", { id: 7, error: { code: -32602 } }]]);
    expect(isStarted(stage, "d")).toBe(false);
  });

  test("of another kind may be told other things: it has the server started itself", () => {
    const stage = new Stage({ options: LAZY });
    first(stage);
    enter(stage, { client: "d", hello: { capabilities: {} } });
    expect(isStarted(stage, "d")).toBe(true);
  });

  test("is shown what the rules leave to it, not what they left to the first", () => {
    const policy = `default allow
rule quiet when result of initialize for user eve remove result.instructions
rule hidden when tool echo for user eve block`;
    const stage = new Stage({ options: LAZY, policy });
    first(stage);
    const eve = { id: "eve", groups: [], claims: {} };
    const [[, answer] = []] = enter(stage, { client: "d", user: eve });
    expect(JSON.stringify(answer)).not.toContain("Be kind.");
    expect(stage.client({ id: 1, method: "tools/list" }, "d")).toMatchObject([["client", { result: { tools: [] } }]]);
    expect(isStarted(stage, "d")).toBe(false);
  });

  test("whom a rule refuses the server is refused it as ever", () => {
    const policy = 'default allow\nrule no when result of initialize for user eve block "not you"';
    const stage = new Stage({ options: LAZY, policy });
    first(stage);
    enter(stage, { client: "d", user: { id: "eve", groups: [], claims: {} } });
    expect(raise(stage, "d").find(([to]) => to === "client")?.[1]).toMatchObject({ error: { code: 5030 } });
  });
});
