// Which era a server is of: it is asked, and what it says, or does not say, tells.
import { describe, expect, test } from "vitest";
import { hello, Stage } from "../stage.ts";

const REVISION = "io.modelcontextprotocol/protocolVersion";
const CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
const CLIENT = "io.modelcontextprotocol/clientInfo";

describe("a server whose era is not known", () => {
  const scene = { servers: { a: { era: "auto" as const } } };
  const question = {
    jsonrpc: "2.0",
    id: 1,
    method: "server/discover",
    params: {
      _meta: { [REVISION]: "2026-07-28", [CLIENT]: { name: "mcprules", version: "1.2.3" }, [CAPABILITIES]: {} },
    },
  };

  function opened(stage: Stage, client = "c"): ReturnType<Stage["happen"]> {
    stage.happen({ kind: "client-opened", client, user: undefined, profile: undefined });
    return stage.happen({ kind: "server-opened", client, server: "a" });
  }

  test("is asked as soon as it runs, by the proxy in its own name", () => {
    expect(opened(new Stage(scene))).toEqual([["a", question]]);
  });

  test.each([
    ["what it discovers", { result: { supportedVersions: ["2026-07-28"], capabilities: {} } }, "server/discover"],
    ["that it wants another header", { error: { code: -32020, message: "m" } }, "server/discover"],
    [
      "that it speaks our revision",
      { error: { code: -32022, message: "m", data: { supported: ["2026-07-28"] } } },
      "server/discover",
    ],
    [
      "that it speaks others",
      { error: { code: -32022, message: "m", data: { supported: ["2027-01-01"] } } },
      "initialize",
    ],
    ["a discovery of other revisions", { result: { supportedVersions: ["2099-01-01"] } }, "initialize"],
    ["a result that is none", { result: {} }, "initialize"],
    ["that it knows no such method", { error: { code: -32601, message: "m" } }, "initialize"],
    ["any other error", { error: { code: -32000, message: "m" } }, "initialize"],
  ])("that says %s is greeted with %s", (_what, answer, method) => {
    const stage = new Stage(scene);
    opened(stage);
    stage.client(hello());
    expect(stage.server("a", { id: 1, ...answer })).toMatchObject([["a", { method }]]);
  });

  test("that says nothing is a legacy one after a while", () => {
    const stage = new Stage(scene);
    opened(stage);
    stage.client(hello());
    expect(stage.fire(3000)).toMatchObject([["a", { method: "initialize" }]]);
  });

  test("that says nothing over HTTP has failed, and is no legacy one", () => {
    const servers = [{ name: "a", root: undefined, home: undefined, transport: "http" as const }];
    const stage = new Stage({ ...scene, options: { servers } });
    opened(stage);
    stage.client(hello());
    expect(stage.others.filter((command) => command.kind === "set-timer" && command.afterMs === 3000)).toEqual([]);
    stage.now += 60_000;
    const error = { code: 5030, message: "no server can be reached: `a`: it did not say within 60 s what it is" };
    expect(stage.fire(60_000)).toMatchObject([["client", { error }]]);
    expect(stage.others).toContainEqual({ kind: "close-server", client: "c", server: "a" });
    expect(stage.reports()).toEqual(["it did not say within 60 s what it is"]);
  });

  test("that cannot be reached is told of once, and with the reason alone", () => {
    const servers = [{ name: "a", root: undefined, home: undefined, transport: "http" as const }];
    const stage = new Stage({ ...scene, options: { servers } });
    opened(stage);
    stage.client(hello());
    const reason = "nothing listens at 127.0.0.1:1: is the server running?";
    const said = stage.happen({ kind: "server-unanswered", client: "c", server: "a", about: "1", reason });
    const error = { code: 5030, message: `no server can be reached: \`a\`: ${reason}` };
    expect(said).toMatchObject([["client", { error }]]);
    expect(stage.reports()).toEqual([reason]);
  });

  test("that was only slow is greeted again, as what it is", () => {
    const stage = new Stage(scene);
    opened(stage);
    stage.client(hello());
    stage.fire(3000);
    stage.server("a", { id: 1, result: { supportedVersions: ["2026-07-28"] } });
    expect(stage.server("a", { id: 2, error: { code: -32601, message: "m" } })).toMatchObject([
      ["a", { method: "server/discover" }],
    ]);
  });

  test("that refuses to be greeted before it says what it is, is waited for", () => {
    const stage = new Stage(scene);
    opened(stage);
    stage.client(hello());
    stage.fire(3000);
    expect(stage.server("a", { id: 2, error: { code: -32601, message: "m" } })).toEqual([]);
    expect(stage.server("a", { id: 1, result: { supportedVersions: ["2026-07-28"] } })).toMatchObject([
      ["a", { method: "server/discover" }],
    ]);
  });

  test.each([
    ["says then that it is of the legacy era", { error: { code: -32601, message: "m" } }],
    ["never says what it is", undefined],
  ])("that refuses to be greeted, and %s, has failed", (_what, answer) => {
    const stage = new Stage(scene);
    opened(stage);
    stage.client(hello());
    stage.fire(3000);
    stage.server("a", { id: 2, error: { code: -32601, message: "not here" } });
    stage.now += 60_000;
    const said = answer === undefined ? stage.fire(60_000) : stage.server("a", { id: 1, ...answer });
    expect(said).toMatchObject([["client", { error: { code: 5030 } }]]);
    expect(stage.reports()).toEqual(["it refused the handshake: not here"]);
  });

  test("that ends is started again, and greeted as a legacy one", () => {
    const stage = new Stage(scene);
    opened(stage);
    stage.client(hello());
    stage.others.length = 0;
    expect(stage.drop("a")).toEqual([]);
    expect(stage.others).toContainEqual({ kind: "open-server", client: "c", server: "a" });
    expect(stage.happen({ kind: "server-opened", client: "c", server: "a" })).toMatchObject([
      ["a", { method: "initialize" }],
    ]);
  });

  test("is not asked again for an hour, for whichever client", () => {
    const stage = new Stage(scene);
    opened(stage);
    stage.server("a", { id: 1, error: { code: -32601, message: "m" } });
    stage.now += 3_600_000;
    expect(opened(stage, "d")).toEqual([]);
    stage.now += 1;
    expect(opened(stage, "e")).toMatchObject([["a", { method: "server/discover" }]]);
  });

  test("that cannot be reached says nothing of its era", () => {
    const stage = new Stage(scene);
    opened(stage);
    stage.happen({ kind: "server-unanswered", client: "c", server: "a", about: "1", reason: "HTTP 503" });
    expect(stage.reports()).toHaveLength(1);
    expect(opened(stage, "d")).toMatchObject([["a", { method: "server/discover" }]]);
  });

  test("that answers over HTTP what only a legacy one answers is one", () => {
    const stage = new Stage(scene);
    opened(stage);
    stage.client(hello());
    const about = { about: "1", reason: "HTTP 400", evidence: "legacy" as const };
    expect(stage.happen({ kind: "server-unanswered", client: "c", server: "a", ...about })).toMatchObject([
      ["a", { method: "initialize" }],
    ]);
  });
});
