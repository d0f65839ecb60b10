// Invariant 6: a list and a call never disagree for the same caller under the same revision.
import fc from "fast-check";
import { expect, test } from "vitest";
import { isJsonArray, isJsonObject, type JsonObject } from "../../src/mcp/json.ts";
import { type Said, Stage } from "../dispatch/stage.ts";
import { tool } from "./lines.ts";
import { call } from "../tool-call.ts";

const SERVERS = {
  a: { tools: [tool("read"), tool("write"), tool("drop", { annotations: { readOnlyHint: true } }), tool("same")] },
  b: { tools: [tool("same"), tool("write_b", { description: "dangerous" }), tool("a__same")] },
};
const OWN = ["read", "write", "drop", "same", "write_b", "a__same"];

/** None of them looks at arguments: what such a rule refuses stays listed. */
const RULES = [
  "rule RULE when tool read block",
  "rule RULE when tool w* | drop on a block",
  "rule RULE when tool same on b block",
  "rule RULE when tool * with annotations.readOnlyHint false block",
  'rule RULE when tool * where ($contains(description, "danger")) block',
  "rule RULE when tool * on b allow",
  "rule RULE when tool read | same allow",
  "rule RULE when tools/call write block",
  "rule RULE when tool * on b rename to b_*",
  "rule RULE when tool read rename to peek",
  "rule RULE when tool write rename to read",
  "default block when tool *",
];

const policy = fc
  .tuple(fc.constantFrom("default allow", "default block"), fc.subarray(RULES, { maxLength: 4 }))
  .map(([base, rules]) => [base, ...rules.map((rule, index) => rule.replace("RULE", `r${index}`))].join("\n"));

function listed(stage: Stage): ReadonlySet<string> {
  const [said] = stage.client({ id: "list", method: "tools/list" });
  const result = isJsonObject(said?.[1]) ? said[1]["result"] : undefined;
  const tools = isJsonObject(result) ? result["tools"] : undefined;
  return new Set(
    isJsonArray(tools) ? tools.filter(isJsonObject).map(({ name }) => (typeof name === "string" ? name : "")) : [],
  );
}

/** The servers are asked once whether they have it by now, and have not. */
function called(stage: Stage, name: string): readonly Said[] {
  const said = stage.client(call(`call ${name}`, {}, { name }));
  return ["a", "b"].reduce((left, server) => stage.play(server, left), said);
}

function isReached(said: readonly Said[]): boolean {
  return said.some(([to, message]) => to !== "client" && isJsonObject(message) && message["method"] === "tools/call");
}

function isUnknown([said]: readonly Said[]): boolean {
  const error = isJsonObject(said?.[1]) ? said[1]["error"] : undefined;
  return isJsonObject(error) && error["code"] === -32602;
}

test("what is listed can be called, what is not is unknown, by every name it has or had", () => {
  let [reached, unknown] = [0, 0];
  fc.assert(
    fc.property(policy, (text) => {
      let stage: Stage;
      try {
        stage = Stage.open({ policy: text, servers: SERVERS });
      } catch {
        // Renames that collide are refused by the checker.
        return;
      }
      const shown = listed(stage);
      const names = [...shown, ...OWN, ...OWN.flatMap((own) => [`a__${own}`, `b__${own}`, `b_${own}`, "peek"])];
      for (const name of new Set(names)) {
        const said = called(stage, name);
        // A rule on the message may refuse what is listed, and says why.
        const isRefused =
          text.includes("when tools/call write") && JSON.stringify(said).includes("Blocked by the policy");
        expect([name, shown.has(name)]).toEqual([name, isReached(said) || isRefused]);
        expect([name, !shown.has(name)]).toEqual([name, isUnknown(said)]);
        if (isReached(said)) reached += 1;
        else unknown += 1;
      }
    }),
    { numRuns: 60 },
  );
  expect(reached).toBeGreaterThan(50);
  expect(unknown).toBeGreaterThan(50);
});

test.each<readonly [string, string, JsonObject]>([
  ["a prompt", "prompts/get", { name: "p" }],
  ["a resource", "resources/read", { uri: "m://x" }],
  ["a resource to be watched", "resources/subscribe", { uri: "m://x" }],
  [
    "a reference to a prompt",
    "completion/complete",
    { ref: { type: "ref/prompt", name: "p" }, argument: { name: "a", value: "" } },
  ],
])("%s that is hidden is unknown", (_what, method, params) => {
  const servers = {
    a: { prompts: [{ name: "p" }], resources: [{ uri: "m://x", name: "x" }], capabilities: { completions: {} } },
  };
  const stage = Stage.open({
    servers,
    policy: "default allow\nrule p when prompt * block\nrule r when resource * block",
  });
  expect(stage.client({ id: 1, method, params })).toMatchObject([
    ["client", { error: { code: method.startsWith("r") ? -32002 : -32602 } }],
  ]);
});
