// Invariant 9: nothing that comes over MCP can change the policy, or answer a question that was put to a human in the queue.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { exposuresOf } from "../../src/io/rules/trust.ts";
import { allMethods } from "../../src/mcp/methods.ts";
import { Stage } from "../dispatch/stage.ts";
import { say } from "./lines.ts";

const root = realpathSync(mkdtempSync(join(tmpdir(), "mcprules-trust-")));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const at = (...parts: readonly string[]): string => join(root, ...parts);
for (const folder of ["home/rules", "home/data", "elsewhere"]) mkdirSync(at(folder), { recursive: true });
writeFileSync(at("home/rules/a.mcprules"), "mcprules 1\ndefault allow\n");
symlinkSync(at("home"), at("elsewhere/link"));

describe("a server that could write where the policy is keeps the proxy from starting, when it is given", () => {
  const guarded = { paths: [at("home/rules"), at("home/servers.json")], folders: [at("home/rules")] };
  const isExposed = (args: readonly string[], cwd = root): boolean =>
    exposuresOf([{ kind: "process", name: "s", command: "x", args, cwd, env: {}, root, home: root }], guarded).length >
    0;

  test.each([
    ["the folder", [at("home/rules")]],
    ["a folder above", [at("home")]],
    ["the root of all", ["/"]],
    ["a folder below, where a file becomes policy", [at("home/rules/.")]],
    ["a file of it", [at("home/rules/a.mcprules")]],
    ["a link to it", [at("elsewhere/link")]],
    ["a way around", [at("elsewhere/../home")]],
    ["a relative path", ["home"]],
    ["the folder it runs in", ["."]],
    ["an option", [`--root=${at("home")}`]],
    ["a pair of folders", ["-v", `${at("home")}:/data`]],
    ["a list", [`${at("elsewhere")},${at("home")}`]],
    ["a URL", [pathToFileURL(at("home")).href]],
    ["the settings file", [at("home/servers.json")]],
  ])("%s", (_what, args) => expect(isExposed(args)).toBe(true));

  test.each([
    ["a folder beside", [at("home/data")]],
    ["a folder whose name begins like it", [at("home/rules-of-others")]],
    ["an argument that is none", ["--verbose"]],
  ])("but not by %s", (_what, args) => expect(isExposed(args)).toBe(false));
});

test("no message changes the policy in force, whoever sends it and whatever it says", () => {
  const stage = Stage.open({ policy: "default block" });
  const policy = stage.store.current();
  const method = fc.constantFrom(
    ...allMethods().map((facts) => facts.method),
    "mcprules/reload",
    "mcprules/rollback",
    "policy/set",
    "rules/update",
    "notifications/policy-changed",
  );
  const text = "mcprules 1\ndefault allow\n";
  fc.assert(
    fc.property(method, fc.constantFrom("client", "a"), fc.boolean(), (name, from, hasId) => {
      const params = { rules: text, policy: text, uri: "mcprules://policy", name: "echo", arguments: { policy: text } };
      const said = say(
        stage,
        from,
        JSON.stringify({ jsonrpc: "2.0", ...(hasId ? { id: 1 } : {}), method: name, params }),
      );
      expect(stage.store.current()).toBe(policy);
      expect(stage.store.history()).toHaveLength(1);
      expect(said.filter(([to]) => to !== "client" && to !== "a")).toEqual([]);
    }),
    { numRuns: 300 },
  );
  expect(stage.client({ id: 2, method: "tools/call", params: { name: "echo" } })).toMatchObject([
    ["client", { error: {} }],
  ]);
});

describe("a question in the queue", () => {
  const policy = 'default allow\nrule sure when tools/call * ask "Really?" via queue';

  function asked(): Stage {
    const stage = Stage.open({ policy, servers: { a: {}, b: { tools: [] } } });
    stage.client({ id: 7, method: "tools/call", params: { name: "echo", arguments: {} } });
    return stage;
  }

  test("is answered by no message, whoever sends it and whatever it says", () => {
    const { dispatcher } = asked();
    const id = dispatcher.questions()[0]?.id ?? "";
    const method = fc.constantFrom(
      ...allMethods().map((facts) => facts.method),
      "mcprules/approve",
      "approvals/decide",
      "notifications/approved",
      "question-decided",
    );
    const key = fc.constantFrom("id", "question", "approves", "decision", "action", "content", "requestState");
    const value = fc.oneof(
      fc.constant(id),
      fc.constant("approve"),
      fc.constant(true),
      fc.constant("accept"),
      fc.json(),
    );
    const message = fc.record({
      method,
      id: fc.option(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(id)), { nil: undefined }),
      params: fc.dictionary(key, value),
      result: fc.option(fc.constant({ action: "accept", content: { decision: "approve" } }), { nil: undefined }),
    });
    const sender = fc.constantFrom("client", "a", "b");
    fc.assert(
      fc.property(fc.array(fc.tuple(sender, message), { maxLength: 10 }), (messages) => {
        const stage = asked();
        const said = messages.flatMap(([from, { result, ...whole }]) => {
          const isCancelling = whole.method === "notifications/cancelled";
          const line = result === undefined ? whole : { id: whole.id, result };
          return isCancelling ? [] : say(stage, from, JSON.stringify({ jsonrpc: "2.0", ...line }));
        });
        const calls = said.filter(
          ([to, one]) => to !== "client" && JSON.stringify(one).includes('"method":"tools/call"'),
        );
        expect(calls).toEqual([]);
        expect(stage.dispatcher.questions().some(({ method: about }) => about === "tools/call")).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("is answered by whoever runs the proxy, once", () => {
    const stage = asked();
    const question = stage.dispatcher.questions()[0]?.id ?? "";
    const decided = { kind: "question-decided", question, approves: true, by: "ada" } as const;
    expect(stage.happen(decided)).toMatchObject([["a", { method: "tools/call" }]]);
    expect(stage.happen(decided)).toEqual([]);
  });
});
