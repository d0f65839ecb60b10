// The catalogue lock in a running proxy: names wait for their owner, things are held to it, and names that nobody has are told.
import { describe, expect, test } from "vitest";
import type { Revision } from "../../../src/engine/policy-store.ts";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { lockOf } from "../../language/lock-comment.ts";
import { hello, modern, type Said, Stage, type Scene } from "../stage.ts";

const LATE = "has not answered the handshake for 10 s; clients are answered without it";

function tool(name: string, more: JsonObject = {}): JsonObject {
  return { name, inputSchema: { type: "object" }, ...more };
}

const LIST = { id: "list", method: "tools/list" };

function names(said: readonly Said[]): readonly string[] {
  const [[, message] = []] = said;
  const { result } = message as { readonly result?: { readonly tools: readonly { readonly name: string }[] } };
  return result?.tools.map(({ name }) => name) ?? [];
}

/** Servers `late` and `early`, both with a tool `x`; the client has waited for `late` as long as it does. */
function withoutLate(revision: Partial<Revision>, scene: Scene = {}): Stage {
  const stage = new Stage({ servers: { late: { tools: [tool("x")] }, early: { tools: [tool("x")] } }, ...scene });
  hold(stage, revision);
  stage.happen({ kind: "client-opened", client: "c", user: undefined, profile: undefined });
  stage.client(hello());
  stage.raise("early");
  stage.fire(10_000);
  stage.client({ method: "notifications/initialized" });
  return stage;
}

function hold(stage: Stage, revision: Partial<Revision>): void {
  const current = stage.store.current();
  if (current === undefined) throw new Error("a stage has a policy");
  stage.store.swap({ ...current, ...revision });
}

const LOCK = lockOf({ late: { tools: [tool("x")] }, early: { tools: [tool("x")] } });

describe("the names of a server that is not up yet", () => {
  test("without a lock are free, and then they are another's", () => {
    const stage = withoutLate({});
    expect(names(stage.client(LIST))).toEqual(["x"]);
    stage.raise("late");
    expect(names(stage.client(LIST))).toEqual(["late__x", "x"]);
  });

  test("are kept by the lock, and what they stand for is not shown", () => {
    const stage = withoutLate({ lock: LOCK });
    expect(names(stage.client(LIST))).toEqual(["early__x"]);
    expect(stage.client({ id: 5, method: "tools/call", params: { name: "x" } })).toMatchObject([
      ["early", { method: "tools/list" }],
    ]);
    stage.raise("late");
    expect(names(stage.client(LIST))).toEqual(["x", "early__x"]);
  });

  test("are not kept for what the policy hides", () => {
    const stage = withoutLate({ lock: LOCK }, { policy: "default allow rule no when tool x on late block" });
    expect(names(stage.client(LIST))).toEqual(["x"]);
  });

  test("leave no trace but in names: no record, no report of what is only expected", () => {
    const stage = withoutLate(
      { lock: LOCK, pin: "warn" },
      { policy: "default allow rule no when tool x on late block" },
    );
    expect(stage.records().filter(({ server }) => server === "late")).toEqual([]);
    expect(stage.reports()).toEqual([LATE]);
  });

  test("do not keep anybody waiting for lists that have come", () => {
    const stage = Stage.open({ servers: { a: { tools: [tool("x")] } } });
    hold(stage, { lock: lockOf({ a: { tools: [tool("x")], prompts: [{ name: "p" }] } }) });
    expect(stage.happen({ kind: "policy-changed" })).toEqual([]);
    expect(names(stage.client(LIST))).toEqual(["x"]);
  });
});

describe("a thing that is not as the lock says", () => {
  const scene = { servers: { early: { tools: [tool("x", { description: "sends" }), tool("y")] } } };

  test("is hidden under `block`, and a call of it is refused as that of an unknown name", () => {
    const stage = Stage.open(scene);
    hold(stage, { lock: lockOf({ early: { tools: [tool("x"), tool("y")] } }), pin: "block" });
    expect(stage.happen({ kind: "policy-changed" })).toMatchObject([
      ["client", { method: "notifications/tools/list_changed" }],
    ]);
    expect(names(stage.client(LIST))).toEqual(["y"]);
    const call = stage.client({ id: 5, method: "tools/call", params: { name: "x" } });
    expect(call).toMatchObject([["client", { id: 5, error: { code: -32602 } }]]);
    expect(stage.records()).toContainEqual(
      expect.objectContaining({ name: "x", rule: "mcprules.lock", verdict: "block" }),
    );
    expect(stage.reports()).toEqual([
      "tool `x` of early has another `description` than in mcprules.lock: it is hidden",
    ]);
  });

  test("is hidden as soon as the server describes it otherwise", () => {
    const stage = Stage.open({ servers: { early: { tools: [tool("x")] } } });
    hold(stage, { lock: LOCK, pin: "block" });
    stage.happen({ kind: "policy-changed" });
    expect(names(stage.client(LIST))).toEqual(["x"]);
    expect(stage.server("early", { method: "notifications/tools/list_changed" })).toMatchObject([
      ["early", { id: "$1", method: "tools/list" }],
    ]);
    stage.server("early", { id: "$1", result: { tools: [tool("x", { description: "sends" })] } });
    expect(stage.reports()).toEqual([
      "tool `x` of early has another `description` than in mcprules.lock: it is hidden",
    ]);
  });

  test("is not listened for under `block`, though no rule hides it", () => {
    const stage = Stage.modern({ servers: { early: { resources: [{ uri: "note:new", name: "new" }] } } });
    hold(stage, { lock: lockOf({ early: {} }), pin: "block" });
    stage.happen({ kind: "policy-changed" });
    const wanted = { notifications: { resourceSubscriptions: ["note:new"] } };
    expect(stage.client(modern(1, "subscriptions/listen", wanted))).toMatchObject([
      ["client", { method: "notifications/subscriptions/acknowledged", params: { notifications: {} } }],
    ]);
  });

  test("is shown and told of under `warn`", () => {
    const stage = Stage.open(scene);
    hold(stage, { lock: lockOf({ early: { tools: [tool("x")] } }), pin: "warn" });
    stage.happen({ kind: "policy-changed" });
    expect(names(stage.client(LIST))).toEqual(["x", "y"]);
    expect(stage.reports()).toEqual([
      "tool `x` of early has another `description` than in mcprules.lock",
      "tool `y` of early is not in mcprules.lock",
    ]);
  });
});

describe("a name that a rule speaks of and no server has", () => {
  const policy = `default allow
rule a when tool serach on early block
rule b when tools/call erase | search block
rule c when prompt p on early block
rule d when tool search_* on early block
default block when tools/call gone on "e*"`;
  const servers = { early: { tools: [tool("search")] }, other: { tools: [] } };
  test("is told of twenty times, and the rest are counted, however many there are", () => {
    const rules = Array.from({ length: 30 }, (_, index) => `rule r${index} when tool gone_${index} block`);
    const stage = new Stage({ policy: `default allow\n${rules.join("\n")}`, servers });
    stage.happen({ kind: "client-opened", client: "c", user: undefined, profile: undefined });
    stage.client(hello());
    for (const name of ["early", "other"]) stage.raise(name);
    expect(stage.reports()).toHaveLength(21);
    expect(stage.reports().at(-1)).toBe("10 more names in rules are of nothing that a server has");
    stage.swap(`default allow\n${rules.slice(0, 1).join("\n")}`);
    expect(stage.reports()).toHaveLength(22);
  });

  const told = [
    "rule a (test.mcprules:3) speaks of the tool `serach`, which `early` does not have; did you mean `search`?",
    "rule b (test.mcprules:4) speaks of the tool `erase`, which no server has",
    "rule c (test.mcprules:5) speaks of the prompt `p`, which `early` does not have",
    "the default (test.mcprules:7) speaks of the tool `gone`, which `early` does not have",
  ];

  test("is told of, once for each revision, whoever is connected", () => {
    const stage = Stage.open({ servers });
    stage.swap(policy);
    expect(stage.reports()).toEqual(told);
    stage.happen({ kind: "client-opened", client: "d", user: undefined, profile: undefined });
    stage.client(hello(), "d");
    stage.swap(policy.replace("serach", "search"));
    expect(stage.reports().slice(told.length)).toEqual(told.slice(1));
  });

  test("is not told of while a server that may have it is not known", () => {
    const stage = withoutLate(
      {},
      { policy: "default allow rule a when tool nope block rule b when tool nope on early block" },
    );
    expect(stage.reports()).toEqual([
      LATE,
      "rule b (test.mcprules:2) speaks of the tool `nope`, which `early` does not have",
    ]);
  });
});
