// Invariant 9: nothing that comes over MCP can change the policy. (Questions to humans come with a later version.)
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { exposuresOf } from "../../src/io/trust.ts";
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
