// A name that no server lists: unknown, or, while a server that may have it has not said what it has, not known yet; hidden or not.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { hello, type Said, Stage } from "../stage.ts";

const HIDING = `default allow
rule hidden
  when tool secret
  block`;

const ASKED: readonly (readonly [string, JsonObject])[] = [
  ["tool", { id: 7, method: "tools/call", params: { name: "secret", arguments: {} } }],
  ["tool", { id: 7, method: "tools/call", params: { name: "nobody-has-it", arguments: {} } }],
  ["prompt", { id: 7, method: "prompts/get", params: { name: "nobody-has-it" } }],
];

/** `a` lists what it has, `b` does what `act` lets it. */
function openedWith(act: (stage: Stage) => void): Stage {
  const stage = new Stage({
    policy: HIDING,
    servers: { a: { tools: [{ name: "secret", inputSchema: { type: "object" } }], prompts: [] }, b: {} },
  });
  stage.happen({ kind: "client-opened", client: "c", user: undefined, profile: undefined });
  stage.client(hello());
  stage.raise("a");
  act(stage);
  stage.client({ method: "notifications/initialized" });
  return stage;
}

function greetOnly(stage: Stage, capabilities: JsonObject): void {
  const said = stage.happen({ kind: "server-opened", client: "c", server: "b" });
  const greeting = { protocolVersion: "2025-11-25", capabilities, serverInfo: { name: "b", version: "1" } };
  for (const [to, message] of said) {
    if (to === "b") stage.server("b", { id: (message as JsonObject)["id"] ?? null, result: greeting });
  }
}

/** The answer to the client, once servers that are asked again have said what they have, or have let the time pass. */
function answerTo(stage: Stage, request: JsonObject): JsonObject | undefined {
  const said = stage.play("a", stage.client(request));
  const late = answerIn(said) === undefined ? stage.fire(10_000) : [];
  return answerIn([...said, ...late]);
}

function answerIn(said: readonly Said[]): JsonObject | undefined {
  return said.map(([to, message]) => (to === "client" ? (message as JsonObject) : {})).find(({ id }) => id === 7)?.[
    "error"
  ] as JsonObject | undefined;
}

describe.each(ASKED)("a %s that nobody is shown: %j", (kind, request) => {
  const PLURAL = `${kind}s`;

  test("is unknown once every server that has some has listed them", () => {
    const stage = openedWith((opening) => opening.raise("b"));
    expect(answerTo(stage, request)?.["code"]).not.toBe(5030);
  });

  test("is not known yet while a server starts", () => {
    const stage = openedWith((opening) => opening.fire(10_000));
    const reason = `the server \`b\` has not listed its ${PLURAL} yet`;
    expect(answerTo(stage, request)).toMatchObject({ code: 5030, message: expect.stringContaining(reason) as string });
  });

  test("is not known yet while a server that says it has some is slow to list them", () => {
    const stage = openedWith((opening) => greetOnly(opening, { tools: {}, prompts: {}, resources: {} }));
    stage.fire(10_000);
    expect(answerTo(stage, request)?.["code"]).toBe(5030);
  });

  test("is unknown where the slow one has none of that kind", () => {
    const stage = openedWith((opening) => greetOnly(opening, { logging: {} }));
    expect(answerTo(stage, request)?.["code"]).not.toBe(5030);
  });

  test("is not known where a server was gone before it listed any", () => {
    const stage = openedWith((opening) => opening.drop("b"));
    const reason = `the server \`b\` is gone, and had not listed its ${PLURAL} yet`;
    expect(answerTo(stage, request)).toMatchObject({ code: 5030, message: expect.stringContaining(reason) as string });
  });
});

test("a name that is hidden is answered as one that nobody has", () => {
  for (const act of [(opening: Stage) => opening.raise("b"), (opening: Stage) => opening.drop("b")]) {
    const [hidden, unheard] = ["secret", "nobody-has-it"].map((name) => {
      const stage = openedWith(act);
      return JSON.stringify(answerTo(stage, { id: 7, method: "tools/call", params: { name } })).replace(name, "X");
    });
    expect(hidden).toBe(unheard);
  }
});
