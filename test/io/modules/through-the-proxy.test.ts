// Modules at work in a proxy: what they hide, what they change, what they lie about, and who waits for them.
import { describe, expect, it } from "vitest";
import { memberAt } from "../../../src/engine/natural-body.ts";
import { isJsonArray, type JsonObject } from "../../../src/mcp/json.ts";
import { openFolder } from "../../e2e/folder.ts";
import { proxied, type Proxied } from "../../modules-examples/proxied.ts";
import { until } from "../../until.ts";
import { mutator, onStdio, validator } from "./hosts.ts";

async function proxy(rules: string, modules: JsonObject): Promise<Proxied> {
  const folder = openFolder();
  folder.write("rules/policy.mcprules", `mcprules 1\ndefault allow\n${rules}`);
  return proxied({ folder: folder.at(""), modules: JSON.stringify(modules), rules: folder.at("rules") });
}

const ON_LISTS = { hooks: [{ events: ["tools/list"], phase: "response" }] };
const CALLS = "rule r when tools/call echo call m\n";

function callingWith(answer: JsonObject, rules = CALLS, more: JsonObject = {}): Promise<Proxied> {
  return proxy(rules, { m: { ...onStdio({ list: [mutator("x")], answers: { x: answer } }), ...more } });
}

async function names(client: Proxied): Promise<readonly string[]> {
  const { result } = await client.request("tools/list", {});
  const tools = memberAt(result, ["tools"]);
  return isJsonArray(tools) ? tools.map((tool) => JSON.stringify(memberAt(tool, ["name"]))) : [];
}

function callRecord({ records }: Proxied): Proxied["records"][number] | undefined {
  return records.find(({ kind, method }) => kind === "request" && method === "tools/call");
}

describe("a module in a proxy", () => {
  it("hides from lists, and what it hides cannot be called; it is asked once for the same list", async () => {
    const only = {
      raw: '{"jsonrpc":"2.0","id":ID,"result":{"interceptor":"x","modified":true,"payload":{"tools":[{"name":"echo","description":"E","inputSchema":{"type":"object"}}]}}}',
    };
    const rules = "rule r when result of tools/list call m\n";
    const client = await proxy(rules, { m: onStdio({ list: [mutator("x", ON_LISTS)], answers: { x: only } }) });
    expect(await names(client)).toEqual(['"echo"']);
    expect(await names(client)).toEqual(['"echo"']);
    expect(await client.call("write_file", {})).toMatchObject({ error: { code: -32_602 } });
    const invoked = (): number => client.reports.filter((line) => line.endsWith("invoke x")).length;
    // What a host writes to its stderr comes on a way of its own.
    await until(() => invoked() > 0);
    expect(invoked()).toBe(1);
  });

  it("that is down hides what it was to look at, and is asked once it is there", async () => {
    const folder = openFolder();
    const rules = "rule r when result of tools/list call m\n";
    const client = await proxy(rules, { m: { module: folder.at("m.mjs") } });
    expect(await names(client)).toEqual([]);
    folder.write(
      "m.mjs",
      `export const interceptors = [{ name: "x", type: "mutation", hooks: [{ events: ["tools/list"], phase: "response" }] }];
       export const invoke = async ({ name, phase }) => ({ interceptor: name, type: "mutation", phase, modified: false });\n`,
    );
    await expect.poll(() => names(client), { timeout: 8000, interval: 100 }).toEqual(['"echo"', '"write_file"']);
  });

  it("changes what is sent, and what it leaves alone keeps its bytes", async () => {
    const client = await callingWith({ append: "!" });
    const answer = await client.call("echo", { a: 1 });
    expect(answer).toMatchObject({ result: { content: [{ text: '{"a":1,"trail":"!"}' }] } });
    expect(callRecord(client)).toMatchObject({
      modules: [{ rule: "r", module: "m", interceptor: "x", outcome: "changed", paths: ["params.arguments.trail"] }],
    });
  });

  it.each([
    ["another tool", { replace: ['"echo"', '"write_file"'] }, "identity"],
    ["another method", { replace: ["tools/call", "tools/list"] }, "identity"],
    [
      "arguments that are none",
      {
        raw: '{"jsonrpc":"2.0","id":ID,"result":{"modified":true,"payload":{"method":"tools/call","params":{"name":"echo","arguments":[]}}}}',
      },
      "schema",
    ],
    ["nothing", { never: true }, "timeout"],
    ["an error", { error: { code: -32_603 } }, "error"],
  ] as const)("that gives back %s refuses the message, and says no more than why", async (_, answer, reason) => {
    const client = await callingWith(answer, CALLS, { timeoutMs: 300 });
    const refused = await client.call("echo", { secret: "hush" });
    expect(refused).toMatchObject({ result: { isError: true } });
    expect(JSON.stringify(refused)).not.toContain("hush");
    const record = callRecord(client);
    expect(record).toMatchObject({ verdict: "block", rule: "r" });
    expect(JSON.stringify(record?.modules)).toContain(`"reason":"${reason}"`);
  });

  it("that fails lets pass where the rule says so, and the record tells", async () => {
    const client = await callingWith({ error: { code: -32_603 } }, "rule r fails open when tools/call echo call m\n");
    expect(await client.call("echo", { a: 1 })).toMatchObject({ result: { content: [{ text: '{"a":1}' }] } });
    expect(callRecord(client)).toMatchObject({
      modules: [{ outcome: "failed" }],
    });
  });

  it("in shadow is asked and recorded, and nothing counts", async () => {
    const client = await callingWith({ append: "!" }, "rule r in shadow when tools/call echo call m\n");
    expect(await client.call("echo", { a: 1 })).toMatchObject({ result: { content: [{ text: '{"a":1}' }] } });
    expect(callRecord(client)).toMatchObject({
      modules: [{ outcome: "changed", isShadow: true }],
    });
  });

  it("judges what will be sent: mutators of all rules come before", async () => {
    const modules = {
      m: onStdio({ list: [mutator("x")], answers: { x: { append: "BAD" } } }),
      v: onStdio({ list: [validator("v")], answers: { v: { report: true } } }),
    };
    const client = await proxy("rule one when tools/call echo call v\nrule two when tools/call echo call m\n", modules);
    expect(await client.call("echo", { a: 1 })).toMatchObject({ result: { isError: true } });
    expect(JSON.stringify(callRecord(client)?.modules)).toContain("BAD");
  });

  it.each(["", " fails open"])(
    "that is shown results first refuses them before they are changed (rule r%s)",
    async (fails) => {
      const hooks = [{ events: ["tools/call"], phase: "response" }];
      const list = [validator("v", { hooks }), mutator("x", { hooks })];
      const m = {
        ...onStdio({ list, answers: { v: { result: { valid: false } }, x: { replace: ["1", "2"] } } }),
        direction: "receiving",
      };
      const client = await proxy(`rule r${fails} when result of tools/call echo call m\n`, { m });
      expect(await client.call("echo", { a: 1 })).toMatchObject({ result: { isError: true } });
      expect(client.reports.filter((line) => line.endsWith("invoke x"))).toEqual([]);
    },
  );

  it("is told which session a call is of, by a name that says nothing", async () => {
    const folder = openFolder();
    folder.write(
      "m.mjs",
      `export const interceptors = [{ name: "v", type: "validation", hooks: [{ events: ["tools/call"], phase: "request" }] }];
       export const invoke = async ({ name, phase, _meta }) => ({
         interceptor: name, type: "validation", phase, valid: false, messages: [{ message: "session " + _meta["dev.mcprules/session"] }],
       });\n`,
    );
    const m = { module: folder.at("m.mjs"), expose: "message" };
    const client = await proxy(CALLS, { m });
    const told = async (): Promise<string> => JSON.stringify((await client.call("echo", {}))["result"]);
    const first = await told();
    expect(first).toMatch(/session [\w-]{22}/);
    expect(await told()).toBe(first);
  });

  it("that hangs keeps nobody waiting but who is shown to it", async () => {
    const client = await callingWith({ never: true }, CALLS, { timeoutMs: 1500 });
    const hung = Array.from({ length: 16 }, () => client.call("echo", {}));
    const times: number[] = [];
    for (let at = 0; at < 40; at += 1) {
      const begun = performance.now();
      await client.call("write_file", { at });
      times.push(performance.now() - begun);
    }
    expect(times.toSorted((one, other) => one - other)[20]).toBeLessThan(40);
    expect((await Promise.all(hung)).every(({ result }) => JSON.stringify(result).includes("isError"))).toBe(true);
  });
});
