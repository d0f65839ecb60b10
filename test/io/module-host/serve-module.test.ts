// The rules folder as a module: what it offers, what it answers, over both doors, and asked by a proxy of ours.
import { PassThrough } from "node:stream";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { serveModule } from "../../../src/io/module-host/serve-module.ts";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { openFolder } from "../../e2e/folder.ts";
import { callOf, open, type Opened } from "../modules/hosts.ts";
import { ask, call, invocation, serveRules } from "./served-rules.ts";
import { quietLog } from "../quiet-log.ts";

const POLICY = `mcprules 1
default allow
let key = /AKIA[0-9A-Z]{16}/
rule no-etc when tools/call read_file with path "/etc/**" block "Not below /etc."
rule ask-first when tools/call pay on bank allow ask "Pay {params.arguments.amount}?"
rule fixed when tools/call version answer "1.0"
rule cap when tools/call search where (limit > 50) set limit = 50
rule hide when tool secret_* block
rule short when tool * rewrite description ($substringBefore($, "."))
rule mask when result of tools/call * redact $key as "***"
rule few when tools/call scarce limit 1 per 1h
`;

const opened: Opened[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ modules }) => modules.close()));
});

const serve = (policy = POLICY): ReturnType<typeof serveRules> => serveRules(policy);

describe("the rules as a module", () => {
  it("offer what they are about", async () => {
    const { url } = await serve();
    expect(await ask(url, "interceptors/list")).toMatchObject({
      result: {
        interceptors: [
          {
            name: "transform",
            type: "mutation",
            hooks: [
              { events: ["tools/call"], phase: "request" },
              {
                events: ["tools/list", "tools/call"],
                phase: "response",
              },
            ],
          },
          {
            name: "verdict",
            type: "validation",
            hooks: [
              { events: ["tools/call"], phase: "request" },
              { events: ["tools/list"], phase: "response" },
            ],
          },
        ],
      },
    });
    expect(await ask(url, "interceptors/list", { event: "prompts/get" })).toMatchObject({
      result: { interceptors: [] },
    });
  });

  it.each<readonly [string, JsonObject, JsonObject]>([
    ["lets pass", call("read_file", { path: "/home/a" }), { valid: true }],
    [
      "refuses what a rule blocks",
      call("read_file", { path: "/etc/passwd" }),
      { valid: false, severity: "error", messages: [{ message: "Not below /etc.", severity: "error" }] },
    ],
    [
      "answers in the server's place",
      call("version"),
      { valid: false, info: { "dev.mcprules/answer": { content: [{ type: "text", text: "1.0" }] } } },
    ],
  ])("%s", async (_, payload, expected) => {
    const { url } = await serve();
    const answer = await ask(url, "interceptor/invoke", invocation("verdict", payload));
    expect(answer).toMatchObject({
      result: { interceptor: "verdict", type: "validation", phase: "request", ...expected },
    });
  });

  it("leave to a human what a rule asks about, on the server it names", async () => {
    const { url } = await serve();
    const asked = invocation("verdict", call("pay", { amount: 5 }), { _meta: { "dev.mcprules/server": "bank" } });
    expect(await ask(url, "interceptor/invoke", asked)).toMatchObject({
      result: { valid: false, messages: [{ message: "Pay 5?" }], info: { "dev.mcprules/verdict": "ask" } },
    });
    expect(await ask(url, "interceptor/invoke", invocation("verdict", call("pay")))).toMatchObject({
      result: { valid: true },
    });
  });

  it("change requests and results, and thin lists out", async () => {
    const { url } = await serve();
    expect(await ask(url, "interceptor/invoke", invocation("transform", call("search", { limit: 500 })))).toMatchObject(
      { result: { modified: true, payload: call("search", { limit: 50 }) } },
    );
    const text = (value: string): JsonObject => ({ content: [{ type: "text", text: value }] });
    expect(
      await ask(
        url,
        "interceptor/invoke",
        invocation("transform", text("AKIAABCDEFGH12345678"), { phase: "response" }),
      ),
    ).toMatchObject({ result: { modified: true, payload: text("***") } });
    expect(
      await ask(url, "interceptor/invoke", invocation("transform", text("plain"), { phase: "response" })),
    ).toMatchObject({ result: { modified: false, payload: text("plain") } });
    const tool = (name: string, description: string): JsonObject => ({
      name,
      description,
      inputSchema: { type: "object" },
    });
    const list = { tools: [tool("a", "First. Second."), tool("secret_b", "x")], nextCursor: "c" };
    expect(
      await ask(url, "interceptor/invoke", invocation("transform", list, { event: "tools/list", phase: "response" })),
    ).toMatchObject({
      result: { modified: true, payload: { tools: [tool("a", "First")], nextCursor: "c" } },
    });
  });

  it("count what they limit", async () => {
    const { url } = await serve();
    const asked = invocation("verdict", call("scarce"));
    expect(await ask(url, "interceptor/invoke", asked)).toMatchObject({ result: { valid: true } });
    expect(await ask(url, "interceptor/invoke", asked)).toMatchObject({ result: { valid: false } });
  });

  it("keep tags that last, and leave to no human what one hangs on", async () => {
    const { url } = await serve(`mcprules 1
default allow
rule reads when tools/call read_* tag seen for 1h by user
rule flow when tools/call send_* with tags seen block
rule both when tools/call read_more ask
`);
    const verdict = async (name: string, user: string): Promise<JsonObject> => {
      const context = { principal: { type: "user", id: user }, timestamp: "2026-11-22T10:00:00Z" };
      return ask(url, "interceptor/invoke", invocation("verdict", call(name), { context }));
    };
    const asked = await verdict("read_more", "ada");
    expect(asked).toMatchObject({ result: { valid: false } });
    expect(asked).not.toHaveProperty("result.info");
    expect(await verdict("send_x", "ada")).toMatchObject({ result: { valid: true } });
    expect(await verdict("read_x", "ada")).toMatchObject({ result: { valid: true } });
    expect(await verdict("send_x", "ada")).toMatchObject({ result: { valid: false } });
    expect(await verdict("send_x", "bob")).toMatchObject({ result: { valid: true } });
  });

  it.each<readonly [string, string, JsonObject, JsonObject]>([
    [
      "a name that is unknown",
      "interceptor/invoke",
      invocation("nobody", call("a")),
      { code: -32_602, data: { name: "nobody" } },
    ],
    [
      "an event that is not offered",
      "interceptor/invoke",
      invocation("verdict", { method: "prompts/get", params: { name: "p" } }, { event: "prompts/get" }),
      {
        code: -32_602,
        data: {
          event: "prompts/get",
          advertisedHooks: [
            { events: ["tools/call"], phase: "request" },
            { events: ["tools/list"], phase: "response" },
          ],
        },
      },
    ],
    ["a payload of something else", "interceptor/invoke", invocation("verdict", { name: "a" }), { code: -32_602 }],
    ["a wildcard in the list", "interceptors/list", { event: "*" }, { code: -32_602 }],
    ["a method that is unknown", "tools/list", {}, { code: -32_601 }],
  ])("answer %s with an error", async (_, method, params, error) => {
    const { url } = await serve();
    expect(await ask(url, method, params)).toMatchObject({ error });
  });

  it("are another module to whoever listens once their files change", async () => {
    const folder = openFolder();
    folder.write("rules/policy.mcprules", POLICY);
    const [input, output] = [new PassThrough(), new PassThrough()];
    const log = quietLog();
    const made = await serveModule({ rules: [folder.at("rules")], log, at: { input, output } });
    if (typeof made === "string") throw new Error(made);
    onTestFinished(() => made.close());
    folder.write("rules/policy.mcprules", `${POLICY}rule p when prompts/get secret_* block\n`);
    await expect
      .poll(() => String(output.read() ?? ""), { timeout: 5000 })
      .toContain("notifications/interceptors/list_changed");
  });

  it("are asked by a proxy like any other module, in either era", async () => {
    const { url = "" } = await serve();
    const made = await open({ m: { url } });
    opened.push(made);
    expect(made.modules.list()[0]?.state).toEqual({ kind: "up", revision: "2026-07-28" });
    expect(await made.modules.call(callOf({ payload: call("read_file", { path: "/etc/x" }) }))).toMatchObject({
      kind: "rejected",
      messages: [{ message: "Not below /etc." }],
    });
    expect(await made.modules.call(callOf({ type: "mutation", payload: call("search", { limit: 99 }) }))).toMatchObject(
      { kind: "changed", payload: call("search", { limit: 50 }) },
    );
  });

  it("are not served without a policy that can be loaded", async () => {
    await expect(serve("mcprules 1\nrule x\n")).rejects.toThrow("error");
  });

  it("say what a module cannot do", async () => {
    const { reports } = await serve("mcprules 1\ndefault allow\nrule r when tool a rename to b\n");
    expect(reports).toContain("a module cannot rename: `r` does nothing here");
  });
});
