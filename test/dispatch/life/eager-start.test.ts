// Servers that start with each client: a client of a kind that was greeted before is answered from what they said then, while its own start.
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import { ALLOW, asked, hello, modern, type Said, Stage } from "../stage.ts";
import { CALL, changed, ECHO, enter, EVE, greeted, listed, playOn, raise, sent, toClient } from "./eager-scene.ts";

describe("the first client of its kind", () => {
  test("waits for its server", () => {
    const stage = new Stage();
    expect(enter(stage, "c")).toEqual([]);
    expect(toClient(raise(stage, "c"))).toMatchObject([{ id: "hello", result: { instructions: "Be kind." } }]);
  });

  test("and of another kind too: the server may have other things for it", () => {
    expect(enter(greeted(), "d", { capabilities: {} })).toEqual([]);
  });
});

describe("a later client", () => {
  test("is answered at once, and its server is started all the same", () => {
    const stage = greeted();
    expect(toClient(enter(stage, "d"))).toMatchObject([
      { id: "hello", result: { instructions: "Be kind.", capabilities: { tools: { listChanged: true } } } },
    ]);
    expect(stage.others).toContainEqual({ kind: "open-server", client: "d", server: "a" });
    expect(listed(stage)).toEqual({ tools: [ECHO] });
    expect(stage.dispatcher.status()[1]?.servers[0]).toMatchObject({ state: "starting", restarts: 0 });
  });

  test("hears nothing when its server says and lists the same", () => {
    const stage = greeted();
    enter(stage, "d");
    expect(toClient(raise(stage, "d"))).toEqual([]);
    expect(stage.reports()).toEqual([]);
    expect(stage.dispatcher.status()[1]?.servers[0]).toMatchObject({ state: "ready" });
  });

  test("whose server is up already is greeted by it, too", () => {
    const stage = greeted();
    stage.happen({ kind: "client-opened", client: "d", user: undefined, profile: undefined });
    stage.happen({ kind: "server-opened", client: "d", server: "a" });
    const said = stage.client(hello(), "d");
    expect(toClient(said)).toMatchObject([{ id: "hello", result: { instructions: "Be kind." } }]);
    expect(sent(said, "initialize")).toMatchObject({ params: { clientInfo: { name: "tester" } } });
  });

  test("of the modern era is answered at once, too", () => {
    const stage = new Stage();
    const ask = (client: string): readonly Said[] => {
      stage.happen({ kind: "client-opened", client, user: undefined, profile: undefined });
      return stage.client(modern("hello", "server/discover"), client);
    };
    expect(ask("c")).toEqual([]);
    raise(stage, "c");
    expect(toClient(ask("d"))).toMatchObject([{ id: "hello", result: { instructions: "Be kind." } }]);
  });

  test("of the modern era is told to keep no list that is only remembered", () => {
    const stage = new Stage({ servers: { a: { era: "modern" } } });
    for (const client of ["c", "d"]) {
      stage.happen({ kind: "client-opened", client, user: undefined, profile: undefined });
      stage.client(modern("hello", "server/discover"), client);
      if (client === "c") stage.raise("a", client);
    }
    const ttl = (): readonly JsonValue[] => toClient(stage.client(modern(1, "tools/list"), "d"));
    expect(ttl()).toMatchObject([{ result: { ttlMs: 0 } }]);
    stage.raise("a", "d");
    expect(ttl()).toMatchObject([{ result: { ttlMs: 5000 } }]);
  });

  test("gets what its server asks and tells as ever", () => {
    const stage = greeted();
    enter(stage, "d");
    raise(stage, "d");
    const question = { id: 5, method: "sampling/createMessage", params: { messages: [], maxTokens: 1 } };
    expect(toClient(stage.server("a", question, "d"))).toMatchObject([{ method: "sampling/createMessage" }]);
  });

  test.each([
    ["a call", CALL],
    ["a method nobody knows", { id: 7, method: "acme/x" }],
    ["a name nobody has listed yet", { id: 7, method: "tools/call", params: { name: "new", arguments: {} } }],
    ["a prompt that nobody has listed yet", { id: 7, method: "prompts/get", params: { name: "new" } }],
    [
      "a resource, of which nobody has said that there are any",
      { id: 7, method: "resources/read", params: { uri: "x:y" } },
    ],
    ["a completion", { id: 7, method: "completion/complete", params: { ref: { type: "ref/prompt", name: "new" } } }],
  ])("waits for its server with %s", (_what, request) => {
    const stage = greeted();
    enter(stage, "d");
    expect(stage.client(request, "d")).toEqual([]);
    const said = raise(stage, "d", {
      capabilities: { tools: {}, prompts: {}, resources: {} },
      tools: [ECHO, { name: "new", inputSchema: {} }],
      prompts: [{ name: "new" }],
      refuses: ["resources/list", "resources/templates/list"],
    });
    const call = sent(said, request.method);
    expect(toClient(stage.server("a", { id: call?.["id"] ?? null, result: {} }, "d"))).toMatchObject([
      { id: 7, result: {} },
    ]);
  });

  test("waits with tasks/list, too", () => {
    const tasks = { tools: {}, tasks: { list: {} } };
    const stage = greeted({ capabilities: tasks });
    enter(stage, "d");
    expect(stage.client({ id: 7, method: "tasks/list" }, "d")).toEqual([]);
    expect(sent(raise(stage, "d", { capabilities: tasks }), "tasks/list")).toBeDefined();
  });

  test("has a method that nobody knows put to each server in turn, also to those that are not up yet", () => {
    const stage = new Stage({ servers: { a: {}, b: {} } });
    enter(stage, "c");
    raise(stage, "c");
    raise(stage, "c", {}, "b");
    enter(stage, "d");
    raise(stage, "d", {}, "b");
    expect(stage.client({ id: 9, method: "acme/x" }, "d")).toEqual([]);
    expect(sent(raise(stage, "d"), "acme/x")).toBeDefined();
  });

  test("is told that a name is unknown once its server has listed what it has", () => {
    const stage = greeted();
    enter(stage, "d");
    stage.client({ id: 7, method: "tools/call", params: { name: "new", arguments: {} } }, "d");
    expect(toClient(raise(stage, "d"))).toMatchObject([{ id: 7, error: { code: -32602 } }]);
  });

  test("waits 10 s for a server that hangs, and then gets 5030", () => {
    const stage = greeted();
    enter(stage, "d");
    stage.client(CALL, "d");
    const message = "the server `a` cannot be reached: it is slow to start";
    expect(toClient(stage.fire(10_000))).toMatchObject([{ id: 7, error: { code: 5030, message } }]);
  });

  test("calls nothing by what the server listed to somebody else: it has to list it again first", () => {
    const policy = `${ALLOW}\nrule wild\n  when tool *\n  with annotations.destructiveHint true\n  block`;
    const tools = (destructiveHint: boolean): readonly JsonObject[] => [{ ...ECHO, annotations: { destructiveHint } }];
    const stage = greeted({ tools: tools(false) }, { policy });
    enter(stage, "d");
    expect(stage.client(CALL, "d")).toEqual([]);
    const said = raise(stage, "d", { ignores: ["tools/list"] });
    expect(sent(said, "tools/call")).toBeUndefined();
    const answered = playOn(stage, "d", { tools: tools(true) }, said);
    expect(sent(answered, "tools/call")).toBeUndefined();
    expect(toClient(answered)).toMatchObject([changed("tools"), { id: 7, error: { code: -32602 } }]);
  });
});

describe("what the rules leave of it", () => {
  const policy = `default allow
rule quiet when result of initialize for user eve remove result.instructions
rule hidden when tool echo for user eve block`;

  test("is decided for each client", () => {
    const stage = greeted({}, { policy });
    expect(JSON.stringify(enter(stage, "d", {}, EVE))).not.toContain("Be kind.");
    expect(listed(stage)).toEqual({ tools: [] });
  });

  test("is nothing for whom a rule refuses the server: its own is judged", () => {
    const refusing = 'default allow\nrule no when result of initialize for user eve block "not you"';
    const stage = greeted({}, { policy: refusing });
    expect(enter(stage, "d", {}, EVE)).toEqual([]);
    expect(toClient(raise(stage, "d"))).toMatchObject([{ error: { code: 5030 } }]);
  });

  test("may have to be asked for outside: until then the client waits", () => {
    const policy = `${ALLOW}\nrule slow when result of initialize ${asked("true")} remove result.instructions`;
    const stage = new Stage({ policy });
    enter(stage, "c");
    raise(stage, "c");
    playOn(stage, "c", {}, stage.answer(true));
    expect(enter(stage, "d")).toEqual([]);
    const [told] = toClient(stage.answer(true));
    expect(told).toMatchObject({ id: "hello", result: { capabilities: { tools: {} } } });
    expect(JSON.stringify(told)).not.toContain("Be kind.");
  });

  test("follows a reload, while the server starts", () => {
    const stage = greeted();
    enter(stage, "d");
    expect(listed(stage)).toEqual({ tools: [ECHO] });
    const said = stage.swap(`${ALLOW}\nrule hidden when tool echo block`);
    expect(toClient(said)).toContainEqual(changed("tools"));
    expect(listed(stage)).toEqual({ tools: [] });
  });

  test("is what the policy in force leaves of a log level", () => {
    const play = { capabilities: { tools: {}, logging: {} } };
    const stage = greeted(play);
    enter(stage, "d");
    stage.client({ id: 3, method: "logging/setLevel", params: { level: "debug" } }, "d");
    stage.swap(`${ALLOW}\nrule no when logging/setLevel block`);
    expect(sent(raise(stage, "d", play), "logging/setLevel")).toBeUndefined();
  });

  test("is counted once for a log level", () => {
    const play = { capabilities: { tools: {}, logging: {} } };
    const stage = greeted(play, { policy: `${ALLOW}\nrule few when logging/setLevel limit 1 per 1h` });
    enter(stage, "d");
    stage.client({ id: 3, method: "logging/setLevel", params: { level: "debug" } }, "d");
    expect(stage.asked()).toHaveLength(1);
    stage.remembers({ kind: "reserved" });
    expect(sent(raise(stage, "d", play), "logging/setLevel")).toMatchObject({ params: { level: "debug" } });
  });

  test("tells nobody what is hidden: that is answered no sooner than what there is not", () => {
    const stage = greeted({}, { policy: `${ALLOW}\nrule hide when tool echo block` });
    enter(stage, "d");
    expect(stage.client(CALL, "d")).toEqual([]);
    expect(toClient(raise(stage, "d"))).toMatchObject([{ id: 7, error: { code: -32602 } }]);
  });

  test("is decided by what its own server has, also where it hid what another had", () => {
    const policy = `${ALLOW}\nrule wild\n  when tool *\n  with annotations.destructiveHint true\n  block`;
    const tools = (destructiveHint: boolean): readonly JsonObject[] => [{ ...ECHO, annotations: { destructiveHint } }];
    const stage = greeted({ tools: tools(true) }, { policy });
    enter(stage, "d");
    stage.client(CALL, "d");
    expect(sent(raise(stage, "d", { tools: tools(false) }), "tools/call")).toBeDefined();
  });

  test("holds for a log level that another server took meanwhile", () => {
    const play = { capabilities: { tools: {}, logging: {} } };
    const stage = new Stage({
      policy: `${ALLOW}\nrule no when logging/setLevel on a block`,
      servers: { a: {}, b: {} },
    });
    enter(stage, "d");
    raise(stage, "d", play, "b");
    stage.fire(10_000);
    const said = stage.client({ id: 3, method: "logging/setLevel", params: { level: "debug" } }, "d");
    stage.server("b", { id: sent(said, "logging/setLevel", "b")?.["id"] ?? null, result: {} }, "d");
    expect(sent(raise(stage, "d", play), "logging/setLevel")).toBeUndefined();
  });

  test("holds for a log level, before the server is there and when it is", () => {
    const logging = { tools: {}, logging: {} };
    const blocking = `${ALLOW}\nrule no when logging/setLevel for user eve block`;
    const stage = greeted({ capabilities: logging }, { policy: blocking });
    const level = { id: 3, method: "logging/setLevel", params: { level: "debug" } };
    enter(stage, "d", {}, EVE);
    expect(toClient(stage.client(level, "d"))).toMatchObject([{ id: 3, error: { code: 4030 } }]);
    expect(sent(raise(stage, "d", { capabilities: logging }), "logging/setLevel")).toBeUndefined();
    enter(stage, "e");
    expect(toClient(stage.client(level, "e"))).toMatchObject([{ id: 3, result: {} }]);
    expect(sent(raise(stage, "e", { capabilities: logging }), "logging/setLevel")).toMatchObject({
      params: { level: "debug" },
    });
  });
});
