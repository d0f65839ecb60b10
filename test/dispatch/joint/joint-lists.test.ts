// The lists of a server that sessions share: read once for all, and what the rules make of them, once for all who are the same to them.
import { describe, expect, test } from "vitest";
import { isJsonArray, isJsonObject, type JsonValue } from "../../../src/mcp/json.ts";
import { call, idIn, methodsTo, Scene } from "./joint-stage.ts";

describe("a server that sessions share", () => {
  test("lists what it has once for all sessions, until it says that a list changed", () => {
    const scene = Scene.with("one");
    expect(methodsTo("server", scene.enter("two"))).toEqual([]);
    expect(scene.client("two", { id: 1, method: "tools/list" })).toMatchObject([
      ["two", { id: 1, result: { tools: [{ name: "echo" }] } }],
    ]);
    const changed = scene.server({ method: "notifications/tools/list_changed" });
    expect(methodsTo("server", changed)).toContain("tools/list");
    expect(methodsTo("server", scene.enter("three"))).toEqual([]);
  });

  test("is asked again for a list whose changes it does not announce, once that is older than 2 s", () => {
    const scene = Scene.with("one");
    scene.pass(2001);
    expect(methodsTo("server", scene.enter("two"))).toEqual(["resources/list", "resources/templates/list"]);
    expect(methodsTo("server", scene.enter("three"))).toEqual([]);
  });

  test("is asked anew for a thing that nobody has heard of", () => {
    const scene = Scene.with("one", "two");
    const missing = { id: 1, method: "tools/call", params: { name: "other", arguments: {} } };
    expect(methodsTo("server", scene.client("two", missing))).toEqual(["tools/list"]);
  });

  test("is asked again for what it was listing when it said that this changed", () => {
    const scene = Scene.with("one");
    scene.isSilent = true;
    scene.client("one", { id: 1, method: "tools/call", params: { name: "other", arguments: {} } });
    const asked = scene.asked("tools/list");
    scene.server({ method: "notifications/tools/list_changed" });
    scene.server({ id: asked, result: { tools: [{ name: "old", inputSchema: {} }] } });
    expect(methodsTo("server", scene.enter("two"))).toContain("tools/list");
  });

  test("is asked for everything again once it is another process", () => {
    const scene = Scene.with("one");
    scene.happen({ kind: "server-closed", client: "shared", server: "a", reason: "exited" });
    for (const command of scene.others) {
      if (command.kind === "set-timer" && command.spreadMs !== undefined)
        scene.happen({ kind: "timer-fired", timer: command.timer });
    }
    expect(methodsTo("server", scene.raise())).toEqual(expect.arrayContaining(["initialize", "tools/list"]));
  });

  test("is asked for everything again once its session over HTTP is another", () => {
    const scene = Scene.with("one");
    const renewed = scene.happen({ kind: "server-renewed", client: "shared", server: "a" });
    expect(methodsTo("server", renewed)).toContain("tools/list");
  });
});

describe("what the rules make of its lists", () => {
  const LIST = { id: 1, method: "tools/list" };

  /** The names of the tools that a client is shown. */
  function shown(scene: Scene, client: string): readonly JsonValue[] {
    const answers = scene.client(client, LIST).flatMap(([, { result }]) => (isJsonObject(result) ? [result] : []));
    const listed = answers.flatMap(({ tools }) => (isJsonArray(tools) ? tools : []));
    return listed.flatMap((tool) => (isJsonObject(tool) && tool["name"] !== undefined ? [tool["name"]] : []));
  }

  test("is made anew for whom rules may tell apart", () => {
    const scene = new Scene(
      `default allow\nrule strangers\n  when tool echo where ($client.name = "stranger")\n  block`,
    );
    scene.enter("one", { clientInfo: { name: "friend", version: "1" } });
    scene.enter("two", { clientInfo: { name: "friend", version: "1" } });
    scene.enter("three", { clientInfo: { name: "stranger", version: "1" } });
    scene.enter("four", { clientInfo: { name: "friend", version: "1" } });
    expect(["one", "two", "three", "four"].map((client) => shown(scene, client))).toEqual([
      ["echo"],
      ["echo"],
      [],
      ["echo"],
    ]);
  });

  test("bears the name that the rules give it for each client", () => {
    const scene = new Scene(`default allow\nrule ours\n  when tool echo for client "ours"\n  rename to say`);
    scene.enter("one", { clientInfo: { name: "theirs", version: "1" } });
    scene.enter("two", { clientInfo: { name: "ours", version: "1" } });
    scene.enter("three", { clientInfo: { name: "theirs", version: "1" } });
    expect(["one", "two", "three"].map((client) => shown(scene, client))).toEqual([["echo"], ["say"], ["echo"]]);
  });

  test("is made anew when other rules are in force: each session is told, and the server is asked nothing", () => {
    const scene = Scene.with("one", "two");
    const all = (): readonly unknown[] => ["one", "two", "three"].map((client) => shown(scene, client));
    const told = ["one", "two", "three"].map((client) => [
      client,
      { jsonrpc: "2.0", method: "notifications/tools/list_changed" },
    ]);
    scene.enter("three");
    expect(all()).toEqual([["echo"], ["echo"], ["echo"]]);
    expect(scene.swap(`default allow\nrule hidden\n  when tool echo\n  block`)).toEqual(told);
    expect(all()).toEqual([[], [], []]);
    expect(scene.swap(`default allow\nrule short\n  when tool echo\n  rename to say`)).toEqual(told);
    expect(all()).toEqual([["say"], ["say"], ["say"]]);
    expect(methodsTo("server", scene.enter("four"))).toEqual([]);
    expect(shown(scene, "four")).toEqual(["say"]);
  });

  test("is on record for each session, where rules had a say", () => {
    const scene = new Scene(`default allow\nrule hidden\n  when tool echo\n  block`);
    const records = ["one", "two"].map((client) => {
      scene.others.length = 0;
      scene.enter(client);
      return scene.others.filter((command) => command.kind === "record" && command.record.rule === "hidden").length;
    });
    expect(records).toEqual([1, 1]);
  });

  test("is what each session calls by it", () => {
    const scene = Scene.with("one", "two");
    for (const client of ["one", "two"]) {
      const asked = scene.client(client, call(5));
      expect(scene.server({ id: idIn(asked), result: { of: client } })).toMatchObject([[client, { id: 5 }]]);
    }
  });
});
