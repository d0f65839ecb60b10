// Invariant 3: names are a bijection, in every message, in both directions, through any number of proxies.
import fc from "fast-check";
import { expect, test } from "vitest";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../src/mcp/json.ts";
import { Stage } from "../dispatch/stage.ts";
import { tool } from "./lines.ts";
import { call } from "../tool-call.ts";

const word = fc.string({ unit: fc.constantFrom("a", "b", "_", "x"), minLength: 1, maxLength: 4 });
const names = fc.uniqueArray(word, { minLength: 1, maxLength: 5 });

function listed(stage: Stage, method = "tools/list", member = "tools"): readonly JsonObject[] {
  const [said] = stage.client({ id: "list", method });
  const result = isJsonObject(said?.[1]) ? said[1]["result"] : undefined;
  const list: JsonValue | undefined = isJsonObject(result) ? result[member] : undefined;
  return isJsonArray(list) ? list.filter(isJsonObject) : [];
}

function nameOf({ name }: JsonObject): string {
  return typeof name === "string" ? name : "";
}

test("two proxies that rename there and back are the identity", () => {
  fc.assert(
    fc.property(names, fc.constantFrom("p_*", "*_q", "p.*.q"), (own, alias) => {
      const tools = own.map((one) => tool(one, { description: `is ${one}` }));
      const inner = Stage.open({
        policy: `default allow\nrule r when tool * rename to ${alias}`,
        servers: { s: { tools } },
      });
      const between = listed(inner);
      const outer = Stage.open({
        policy: `default allow\nrule r when tool ${alias} rename to *`,
        servers: { inner: { tools: between } },
      });
      expect(between.map((one) => one["name"])).toEqual(own.map((one) => alias.replace("*", one)));
      expect(listed(outer)).toEqual(tools);
      for (const one of own) {
        const [asked] = outer.client(call("id", { v: one }, { name: one }));
        const [arrived] = inner.client(isJsonObject(asked?.[1]) ? asked[1] : {});
        expect(arrived).toMatchObject(["s", { params: { name: one, arguments: { v: one } } }]);
        const id = isJsonObject(arrived?.[1]) ? (arrived[1]["id"] ?? null) : null;
        const [answered] = inner.server("s", { id, result: { of: one } });
        expect(outer.server("inner", answered?.[1] ?? null)).toEqual([["client", { id: "id", result: { of: one } }]]);
      }
    }),
    { numRuns: 25 },
  );
});

const message = fc.record({
  method: fc.constantFrom("tools/call", "prompts/get", "completion/complete"),
  which: fc.nat(),
  value: fc.oneof(word, fc.constantFrom<JsonValue>(null, true, 0.5)),
});

/** 50 pairs of proxies with 20 messages each: a thousand in all. */
test("every message that carries a name comes out of two proxies as it went in, and so does its answer", () => {
  const messages = fc.array(message, { minLength: 20, maxLength: 20 });
  fc.assert(
    fc.property(names, fc.constantFrom("p_*", "*_q", "p.*.q"), messages, (own, alias, sent) => {
      const tools = own.map((one) => tool(one));
      const prompts = own.map((name) => ({ name }));
      const renamed = (from: string, to: string) =>
        ["tool", "prompt"].map((thing) => `rule ${thing}s when ${thing} ${from} rename to ${to}`).join("\n");
      const capabilities = { completions: {} };
      const inner = Stage.open({
        policy: `default allow\n${renamed("*", alias)}`,
        servers: { s: { tools, prompts, capabilities } },
      });
      const between = { tools: listed(inner), prompts: listed(inner, "prompts/list", "prompts"), capabilities };
      const outer = Stage.open({ policy: `default allow\n${renamed(alias, "*")}`, servers: { inner: between } });
      for (const { method, which, value } of sent) {
        const params = paramsOf(method, own[which % own.length] ?? "", value);
        const [asked] = outer.client({ id: "id", method, params });
        const [arrived] = inner.client(isJsonObject(asked?.[1]) ? asked[1] : {});
        const last = isJsonObject(arrived?.[1]) ? arrived[1] : {};
        expect({ method: last["method"], params: last["params"] }).toEqual({ method, params });
        const result = { content: [], messages: [], completion: { values: own }, of: value };
        const [answered] = inner.server("s", { id: last["id"] ?? null, result });
        expect(outer.server("inner", answered?.[1] ?? null)).toEqual([["client", { id: "id", result }]]);
      }
    }),
    { numRuns: 50 },
  );
});

function paramsOf(method: string, name: string, value: JsonValue): JsonObject {
  if (method !== "completion/complete") return { name, arguments: { v: value, of: name } };
  return { ref: { type: "ref/prompt", name }, argument: { name: "v", value: JSON.stringify(value) } };
}

test("whatever servers offer, each exposed name means one thing of one server, and each thing has one name", () => {
  fc.assert(
    fc.property(names, names, fc.constantFrom("", "rule r when tool * on b rename to a*"), (ofA, ofB, rename) => {
      const servers = { a: { tools: ofA.map((one) => tool(one)) }, b: { tools: ofB.map((one) => tool(one)) } };
      const stage = Stage.open({ policy: `default allow\n${rename}`, servers });
      const exposed = listed(stage).map((one) => nameOf(one));
      expect(new Set(exposed).size).toBe(exposed.length);
      const reached = exposed.map((one) => {
        const [said] = stage.client(call(one, {}, { name: one }));
        const params = isJsonObject(said?.[1]) ? said[1]["params"] : undefined;
        return `${said?.[0] ?? ""} ${isJsonObject(params) ? nameOf(params) : ""}`;
      });
      expect(reached.toSorted()).toEqual([...ofA.map((one) => `a ${one}`), ...ofB.map((one) => `b ${one}`)].toSorted());
    }),
    { numRuns: 50 },
  );
});

test("prompts, and references to them, are called by the server's own name", () => {
  const servers = { a: { prompts: [{ name: "greet" }], capabilities: { completions: {} } } };
  const stage = Stage.open({ policy: "default allow\nrule r when prompt * rename to my_*", servers });
  expect(listed(stage, "prompts/list", "prompts")).toEqual([{ name: "my_greet" }]);
  expect(stage.client({ id: 1, method: "prompts/get", params: { name: "my_greet" } })).toMatchObject([
    ["a", { params: { name: "greet" } }],
  ]);
  const ref = { type: "ref/prompt", name: "my_greet" };
  const argument = { name: "x", value: "my_greet" };
  expect(stage.client({ id: 2, method: "completion/complete", params: { ref, argument } })).toMatchObject([
    ["a", { params: { ref: { type: "ref/prompt", name: "greet" }, argument } }],
  ]);
});

test("a resource that two servers have is named apart wherever it is handed out", () => {
  const resources = [{ uri: "m://x", name: "x" }];
  const stage = Stage.open({ servers: { a: { resources }, b: { resources, tools: [tool("other")] } } });
  expect(listed(stage, "resources/list", "resources").map(({ uri }) => uri)).toEqual(["m://x", "b+m://x"]);
  expect(stage.client({ id: 1, method: "resources/read", params: { uri: "b+m://x" } })).toEqual([
    ["b", { id: "$1", method: "resources/read", params: { uri: "m://x" } }],
  ]);
  const contents = [{ uri: "m://x", text: "t" }];
  expect(stage.server("b", { id: "$1", result: { contents } })).toEqual([
    ["client", { id: 1, result: { contents: [{ uri: "b+m://x", text: "t" }] } }],
  ]);
});
