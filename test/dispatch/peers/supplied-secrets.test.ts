// What a rule supplied to a server is a secret: masked in the answer, and in what that server says later of itself: to this client, in reports and on its stderr.
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import { DEFAULT_LIFE } from "../../../src/dispatch/life/life-options.ts";
import { Supplied, SuppliedSecrets } from "../../../src/dispatch/peers/supplied-secrets.ts";
import type { Facts } from "../../../src/engine/facts.ts";
import { revisionOf } from "../../engine/policy.ts";
import { serverOptions, type ServerScript } from "../server-script.ts";
import { hello, modern, type Said, Stage } from "../stage.ts";

const SECRET = "north-7431";
const policyWith = (tenant: string): string => `default allow
rule tenant when tool search on a supply tenant = "${tenant}"
`;
const object = (properties: JsonObject) => ({ type: "object" as const, properties });
const TOOLS = [
  { name: "search", inputSchema: object({ q: { type: "string" }, tenant: { type: "string" } }) },
  { name: "other", inputSchema: object({}) },
];
const SERVER = { tools: TOOLS, capabilities: { tools: {}, logging: {} } };
const CALL = {
  id: "call",
  method: "tools/call",
  params: { name: "search", arguments: { q: "x" }, _meta: { progressToken: "t" } },
};
const LOG = { method: "notifications/message", params: { level: "info", data: `for ${SECRET}` } };

function supplied(tenant = SECRET): Stage {
  const stage = Stage.open({ servers: { a: SERVER, b: SERVER } });
  stage.store.swap(revisionOf(policyWith(tenant), () => undefined));
  stage.happen({ kind: "policy-changed" });
  expect(stage.client(CALL)).toMatchObject([["a", { params: { arguments: { q: "x", tenant } } }]]);
  return stage;
}

const LATER: readonly (readonly [string, (stage: Stage) => readonly Said[]])[] = [
  ["a log message", (stage) => stage.server("a", LOG)],
  [
    "progress of the call",
    (stage) =>
      stage.server("a", {
        method: "notifications/progress",
        params: { progressToken: Number(stage.idOf("a", "$1")), progress: 1, message: `for ${SECRET}` },
      }),
  ],
  [
    "a notification that nobody knows",
    (stage) => stage.server("a", { method: "notifications/x", params: { [SECRET]: 1 } }),
  ],
  [
    "a question",
    (stage) =>
      stage.server("a", {
        id: 1,
        method: "elicitation/create",
        params: { message: `For ${SECRET}?`, requestedSchema: { type: "object", properties: {} } },
      }),
  ],
  [
    "the answer to the call",
    (stage) => stage.server("a", { id: "$1", result: { content: [{ type: "text", text: SECRET }] } }),
  ],
];

describe("in the same session, the value is gone from", () => {
  test.each(LATER)("%s", (_what, say) => {
    const said = say(supplied());
    expect(said).toHaveLength(1);
    expect(said[0]?.[0]).toBe("client");
    expect(JSON.stringify(said)).toContain("***");
    expect(JSON.stringify(said)).not.toContain(SECRET);
  });

  test("what is reported of a server, and of what it writes to its stderr", () => {
    const stage = supplied();
    stage.drop("a", `it said ${SECRET}`);
    expect(stage.reports().join()).toContain("it said ***");
    expect(stage.dispatcher.masked("a", `a ${SECRET}`)).toBe("a ***");
    expect(stage.dispatcher.masked("b", `b ${SECRET}`)).toBe(`b ${SECRET}`);
  });

  test("also once no rule supplies it any more", () => {
    const stage = supplied();
    stage.swap("default allow");
    expect(JSON.stringify(stage.server("a", { id: "$1", result: { content: [], x: SECRET } }))).not.toContain(SECRET);
  });
});

describe("in what a server lists", () => {
  const telling = [
    ...TOOLS.slice(0, 1),
    { name: SECRET, description: `for ${SECRET}`, inputSchema: object({ [SECRET]: {} }) },
    // Masked, its two arguments would be one.
    { name: "other", inputSchema: object({ "***": {}, [SECRET]: {} }) },
  ];
  const list = (stage: Stage): JsonValue => {
    const [[, answer] = []] = stage.client({ id: "list", method: "tools/list" });
    return (answer as { readonly result: JsonObject }).result;
  };
  const after = (stage: Stage): JsonValue => {
    stage.client(CALL);
    return list(stage);
  };
  const open = (a: ServerScript = { tools: telling }, b: ServerScript = { tools: [] }): Stage => {
    const stage = Stage.open({ servers: { a, b } });
    stage.store.swap(revisionOf(policyWith(SECRET), () => undefined));
    stage.happen({ kind: "policy-changed" });
    return stage;
  };

  test("it is masked, but for what a thing is called by; what cannot be masked is told of no more than that it is there", () => {
    const stage = open();
    expect(list(stage)).toMatchObject({ tools: [{}, { description: `for ${SECRET}` }, {}] });
    expect(after(stage)).toMatchObject({
      tools: [
        { name: "search" },
        { name: SECRET, description: "for ***", inputSchema: { properties: { "***": {} } } },
        { name: "other", inputSchema: { type: "object" } },
      ],
    });
    expect(JSON.stringify(list(stage)).split(SECRET)).toHaveLength(2);
  });

  test("it is masked beside the things, too", () => {
    const stage = open({ tools: [...TOOLS], besideTools: { _meta: { of: SECRET } } });
    expect(list(stage)).toMatchObject({ _meta: { of: SECRET } });
    expect(after(stage)).toMatchObject({ _meta: { of: "***" } });
  });

  test("what nothing was supplied to lists what it lists", () => {
    const stage = open({ tools: TOOLS }, { tools: telling });
    expect(JSON.stringify(after(stage))).toContain(`for ${SECRET}`);
  });
});

test("it is masked in what a server says of itself, when a client of 2026-07-28 asks for that again", () => {
  const stage = Stage.modern({ servers: { a: { ...SERVER, instructions: `I am for ${SECRET}.` } } });
  stage.store.swap(revisionOf(policyWith(SECRET), () => undefined));
  stage.happen({ kind: "policy-changed" });
  const ask = (): string => JSON.stringify(stage.client(modern("again", "server/discover")));
  expect(ask()).toContain(`I am for ${SECRET}.`);
  stage.client(modern("call", "tools/call", { name: "search", arguments: { q: "x" } }));
  expect(ask()).toContain("I am for ***.");
});

test("the answer to another call says what it says", () => {
  const stage = supplied();
  stage.client({ ...CALL, id: "second", params: { name: "other", arguments: {} } });
  const result = { content: [{ type: "text", text: SECRET }] };
  expect(stage.server("a", { id: "$2", result })).toMatchObject([["client", { result }]]);
});

test("a value of fewer than eight characters is masked in the answer to its call alone", () => {
  const stage = supplied("main");
  const message = { ...LOG, params: { level: "info", data: "the main loop" } };
  expect(stage.server("a", message)).toMatchObject([["client", message]]);
  const said = stage.server("a", { id: "$1", result: { content: [{ type: "text", text: "on main" }] } });
  expect(said).toMatchObject([["client", { result: { content: [{ text: "on ***" }] } }]]);
});

test("another server, and another session, say what they say", () => {
  const stage = supplied();
  expect(JSON.stringify(stage.server("b", LOG))).toContain(SECRET);
  stage.happen({ kind: "client-opened", client: "d", user: undefined, profile: undefined });
  stage.client(hello(), "d");
  for (const server of ["a", "b"])
    for (const [, message] of stage.happen({ kind: "server-opened", client: "d", server })) {
      const { id } = message as JsonObject;
      const capabilities = { logging: {} };
      const result = { protocolVersion: "2025-11-25", capabilities, serverInfo: { name: "x", version: "1" } };
      stage.server(server, { id: id ?? null, result }, "d");
    }
  stage.client({ method: "notifications/initialized" }, "d");
  expect(JSON.stringify(stage.server("a", LOG, "d"))).toContain(SECRET);
});

test("what a server that sessions share tells holds nothing that any of them supplied; its replies are for who asked", () => {
  const all = new SuppliedSecrets();
  const [ada, bob] = [new Supplied(all), new Supplied(all)];
  const facts = (kind: Facts["kind"], from: Facts["from"]): Facts => {
    const principal = { client: undefined, user: undefined, profile: undefined };
    return { kind, method: "x", from, server: "a", name: undefined, principal };
  };
  const shared = { ...serverOptions("a", {}), life: { ...DEFAULT_LIFE, share: true } };
  ada.note(facts("request", "client"), [SECRET]);
  bob.note(facts("result", "server"), ["what its reply may hold"]);
  expect(bob.beside(facts("notification", "server"), [], shared)).toEqual([SECRET]);
  expect(bob.beside(facts("notification", "server"), [], serverOptions("a", {}))).toEqual([]);
  expect(bob.beside(facts("result", "server"), ["own"], shared)).toEqual(["own"]);
  expect(ada.beside(facts("result", "server"), ["own"], shared)).toEqual(["own"]);
  expect(ada.beside(facts("request", "client"), [], shared)).toEqual([]);
  for (let count = 0; count < 300; count += 1) ada.note(facts("request", "client"), [`secret ${count}`]);
  expect(all.of("a")).toHaveLength(256);
  expect(all.of("a")).toContain("secret 299");
});
