// What a client was told of a server that was not up yet turns out otherwise: it is told what can be told, and nobody else is told the same again.
import { describe, expect, test } from "vitest";
import { isJsonObject } from "../../../src/mcp/json.ts";
import { ALLOW, asked, type Said, Stage } from "../stage.ts";
import {
  CALL,
  changed,
  ECHO,
  enter,
  greeted,
  listed,
  type Play,
  playOn,
  raise,
  sent,
  toClient,
} from "./eager-scene.ts";

const NEW = { name: "new", inputSchema: {} };
const OTHERWISE = "says other things of itself than to an earlier client, and this client was told those";
const WITH_PROMPTS = { capabilities: { tools: {}, prompts: {} }, prompts: [{ name: "p" }] };

function answerRoots(stage: Stage): void {
  const said = stage.server("a", { id: 1, method: "roots/list" }, "c");
  const [question] = toClient(said);
  if (isJsonObject(question)) stage.client({ id: question["id"] ?? null, result: { roots: [] } }, "c");
}

function subscribe(stage: Stage): void {
  stage.client({ id: 5, method: "resources/subscribe", params: { uri: "x:y" } }, "c");
}

/** The wait before servers that ended are started again is over. */
function waitedOut(stage: Stage): readonly Said[] {
  return stage.others.flatMap((command) =>
    command.kind === "set-timer" && command.spreadMs !== undefined
      ? stage.happen({ kind: "timer-fired", timer: command.timer })
      : [],
  );
}

function drop(stage: Stage, client: string): readonly Said[] {
  return stage.happen({ kind: "server-closed", client, server: "a", reason: "exited with code 1" });
}

describe("a server that has", () => {
  test("other tools: the client is told once, and the next one is shown those", () => {
    const stage = greeted();
    enter(stage, "d");
    expect(toClient(raise(stage, "d", { tools: [NEW] }))).toEqual([changed("tools")]);
    expect(listed(stage)).toEqual({ tools: [NEW] });
    enter(stage, "e");
    expect(listed(stage, "e")).toEqual({ tools: [NEW] });
  });

  test("a tool of another definition: the client is told", () => {
    const stage = greeted();
    enter(stage, "d");
    expect(toClient(raise(stage, "d", { tools: [{ ...ECHO, title: "Echo" }] }))).toEqual([changed("tools")]);
  });

  test("no prompts any more: none are shown, and the log says what the client was told", () => {
    const stage = greeted(WITH_PROMPTS);
    enter(stage, "d");
    expect(listed(stage, "d", "prompts/list")).toEqual({ prompts: [{ name: "p" }] });
    expect(toClient(raise(stage, "d", { capabilities: { tools: {} } }))).toEqual([changed("prompts")]);
    expect(listed(stage, "d", "prompts/list")).toEqual({ prompts: [] });
    expect(stage.reports()).toEqual([`${OTHERWISE}: it has no \`prompts\` any more`]);
    expect(JSON.stringify(enter(stage, "e"))).not.toContain("prompts");
  });

  test("prompts now: the client, which was told of none, is told nothing, and may use them", () => {
    const stage = greeted({ capabilities: { tools: {} } });
    enter(stage, "d");
    expect(toClient(raise(stage, "d", WITH_PROMPTS))).toEqual([]);
    expect(listed(stage, "d", "prompts/list")).toEqual({ prompts: [{ name: "p" }] });
    expect(stage.reports()).toEqual([`${OTHERWISE}: it has \`prompts\` now`]);
  });

  test("other instructions: the log says so", () => {
    const stage = greeted();
    enter(stage, "d");
    raise(stage, "d", { instructions: "Be quick." });
    expect(stage.reports()).toEqual([`${OTHERWISE}: its instructions are others`]);
    expect(JSON.stringify(enter(stage, "e"))).toContain("Be quick.");
  });

  test("a name that another server has: it keeps its owner", () => {
    const stage = new Stage({ servers: { a: {}, b: { tools: [NEW] } } });
    enter(stage, "c");
    raise(stage, "c");
    raise(stage, "c", { tools: [NEW] }, "b");
    enter(stage, "d");
    raise(stage, "d", { tools: [ECHO, NEW] });
    raise(stage, "d", { tools: [NEW] }, "b");
    const said = stage.client({ id: 7, method: "tools/call", params: { name: "new", arguments: {} } }, "d");
    expect(said).toMatchObject([["b", { method: "tools/call", params: { name: "new" } }]]);
  });

  test("another era: it is asked anew, and calls reach it", () => {
    const stage = greeted({}, { servers: { a: { era: "auto" } } });
    expect(toClient(enter(stage, "d"))).toMatchObject([{ id: "hello" }]);
    raise(stage, "d", { isModern: true });
    waitedOut(stage);
    stage.client(CALL, "d");
    expect(sent(raise(stage, "d", { isModern: true }), "tools/call")).toMatchObject({ params: { name: "echo" } });
    expect(toClient(enter(stage, "e"))).toMatchObject([{ id: "hello" }]);
  });

  test("not said for an hour of which era it is: it is asked, and the client waits", () => {
    const stage = greeted({}, { servers: { a: { era: "auto" } } });
    stage.now += 60 * 60 * 1000 + 1;
    expect(enter(stage, "d")).toEqual([]);
    expect(toClient(raise(stage, "d"))).toMatchObject([{ id: "hello" }]);
  });

  test("said what it has before what it had was judged: that comes too late", () => {
    const policy = `${ALLOW}\nrule slow when result of initialize ${asked("true")} tag slow`;
    const stage = new Stage({ policy });
    enter(stage, "c");
    raise(stage, "c");
    playOn(stage, "c", {}, stage.answer(true));
    enter(stage, "d");
    const play = { tools: [NEW], instructions: "Be quick." };
    raise(stage, "d", play);
    stage.others.reverse();
    expect(JSON.stringify(playOn(stage, "d", play, stage.answer(true)))).toContain("Be quick.");
    expect(stage.answer(true)).toEqual([]);
    expect(listed(stage)).toEqual({ tools: [NEW] });
  });

  test("a list that it will not give: what it listed to somebody else is not called", () => {
    const stage = greeted();
    enter(stage, "d");
    stage.client(CALL, "d");
    const said = raise(stage, "d", { refuses: ["tools/list"] });
    expect(sent(said, "tools/call")).toBeUndefined();
    expect(toClient(said)).toContainEqual(changed("tools"));
    expect(toClient(said)).toContainEqual(
      expect.objectContaining({ id: 7, error: expect.objectContaining({ code: 5030 }) }),
    );
    expect(enter(stage, "e")).toEqual([]);
  });
});

describe("a server that lists", () => {
  test("its tools and not its prompts is called for tools", () => {
    const stage = greeted(WITH_PROMPTS);
    enter(stage, "d");
    const play = { ...WITH_PROMPTS, ignores: ["prompts/list"] };
    stage.client(CALL, "d");
    expect(sent(raise(stage, "d", play), "tools/call")).toBeDefined();
    expect(sent(stage.client({ ...CALL, id: 8 }, "d"), "tools/call")).toBeDefined();
    expect(stage.client({ id: 9, method: "prompts/get", params: { name: "p" } }, "d")).toEqual([]);
  });

  test("later, since it does not take what it is sent, is called when it has", () => {
    const stage = greeted();
    enter(stage, "d");
    const said = stage.happen({ kind: "server-opened", client: "d", server: "a" });
    stage.happen({ kind: "server-stuck", client: "d", server: "a", isStuck: true });
    const list = playOn(stage, "d", { ignores: ["tools/list"] }, said);
    stage.happen({ kind: "server-stuck", client: "d", server: "a", isStuck: false });
    expect(sent(stage.client(CALL, "d"), "tools/call")).toBeUndefined();
    expect(sent(playOn(stage, "d", {}, list.slice(-1)), "tools/call")).toBeDefined();
  });
});

describe("a server that does not come up", () => {
  test("is named to whoever calls it", () => {
    const stage = greeted();
    enter(stage, "d");
    drop(stage, "d");
    expect(stage.reports()).toEqual(["exited with code 1"]);
    expect(toClient(stage.client(CALL, "d"))).toEqual([]);
    const message = "the server `a` cannot be reached: exited with code 1";
    expect(toClient(stage.fire(5000))).toMatchObject([{ id: 7, error: { code: 5030, message } }]);
  });

  test.each([
    ["ends before it has answered", { ignores: ["initialize"] }],
    ["refuses the handshake", { refuses: ["initialize"] }],
    ["ends before it has listed what it has", { ignores: ["tools/list"] }],
  ])("stands for nothing any more: it %s, and the next client waits for its own", (_what, play) => {
    const stage = greeted();
    enter(stage, "d");
    raise(stage, "d", play);
    drop(stage, "d");
    expect(enter(stage, "e")).toEqual([]);
    expect(toClient(raise(stage, "e"))).toMatchObject([{ id: "hello" }]);
    expect(toClient(enter(stage, "f"))).toMatchObject([{ id: "hello" }]);
  });

  test("and comes up after all is used as ever, and is called by nothing it did not list itself", () => {
    const stage = greeted();
    enter(stage, "d");
    drop(stage, "d");
    waitedOut(stage);
    stage.client(CALL, "d");
    const said = raise(stage, "d", { ignores: ["tools/list"] });
    expect(sent(said, "tools/call")).toBeUndefined();
    const answered = stage.server(
      "a",
      { id: sent(said, "tools/list")?.["id"] ?? null, result: { tools: [ECHO] } },
      "d",
    );
    expect(sent(answered, "tools/call")).toBeDefined();
  });

  test("after it had served is remembered: only its own session waits", () => {
    const stage = greeted();
    drop(stage, "c");
    expect(toClient(enter(stage, "d"))).toMatchObject([{ id: "hello" }]);
  });
});

describe("what a server lists", () => {
  test("as long as nothing was wanted of it is what the next client is shown", () => {
    const stage = greeted();
    const update = stage.server("a", { method: "notifications/tools/list_changed" }, "c");
    playOn(stage, "c", { tools: [ECHO, NEW] }, update);
    enter(stage, "d");
    expect(listed(stage)).toEqual({ tools: [ECHO, NEW] });
  });

  test("when it was started again is what the next client is shown", () => {
    const stage = greeted();
    stage.client(CALL, "c");
    drop(stage, "c");
    waitedOut(stage);
    raise(stage, "c", { tools: [NEW] });
    enter(stage, "d");
    expect(listed(stage)).toEqual({ tools: [NEW] });
  });

  test("after its client had asked it is not kept, and forgotten if it is other than before", () => {
    const stage = greeted();
    const use = (client: string, play: Play): void => {
      enter(stage, client);
      stage.client({ id: 9, method: "acme/x" }, client);
      raise(stage, client, play);
    };
    use("d", {});
    expect(toClient(enter(stage, "e"))).toMatchObject([{ id: "hello" }]);
    use("f", { tools: [NEW] });
    expect(enter(stage, "g")).toEqual([]);
    raise(stage, "g");
    use("h", { instructions: "Be quick." });
    expect(enter(stage, "i")).toEqual([]);
  });

  test("started again with something to be reminded of is not kept either", () => {
    const stage = greeted({ capabilities: { tools: {}, resources: {} } });
    const asked = stage.client({ id: 5, method: "resources/subscribe", params: { uri: "x:c" } }, "c");
    stage.server("a", { id: sent(asked, "resources/subscribe")?.["id"] ?? null, result: {} }, "c");
    drop(stage, "c");
    waitedOut(stage);
    raise(stage, "c", {
      capabilities: { tools: {}, resources: {} },
      tools: [{ name: "secret-of-c", inputSchema: {} }],
    });
    expect(JSON.stringify(enter(stage, "d")) + JSON.stringify(listed(stage))).not.toContain("secret-of-c");
  });

  test("after it was used is nothing for the next client, who waits", () => {
    const stage = new Stage();
    enter(stage, "c");
    const said = raise(stage, "c", { ignores: ["tools/list"] });
    stage.client({ id: 9, method: "acme/x" }, "c");
    playOn(stage, "c", {}, said);
    expect(enter(stage, "d")).toEqual([]);
  });

  test.each<readonly [string, (stage: Stage) => void]>([
    ["it was called", (stage) => stage.client(CALL, "c")],
    ["it was told something", (stage) => stage.client({ method: "notifications/acme" }, "c")],
    ["its client has answered it", answerRoots],
    ["its client follows a resource", subscribe],
  ])("once %s may be about its client, and is shown to nobody else", (_what, use) => {
    const stage = greeted({ capabilities: { tools: { listChanged: true }, resources: {} } });
    use(stage);
    const update = stage.server("a", { method: "notifications/tools/list_changed" }, "c");
    const id = sent(update, "tools/list")?.["id"] ?? null;
    stage.server("a", { id, result: { tools: [ECHO, { name: "secret-of-c", inputSchema: {} }] } }, "c");
    expect(JSON.stringify(listed(stage, "c"))).toContain("secret-of-c");
    enter(stage, "d");
    expect(listed(stage)).toEqual({ tools: [ECHO] });
  });
});
