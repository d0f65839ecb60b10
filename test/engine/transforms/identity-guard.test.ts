// What identifies a message stays, even under a rule that the checker would have refused.
import { describe, expect, it } from "vitest";
import { isThinnedOut } from "../../../src/engine/transforms/identity-guard.ts";
import { POLICY_FAILED } from "../../../src/mcp/errors.ts";
import type { JsonValue } from "../../../src/mcp/json.ts";
import { listOfKind } from "../../../src/mcp/lists.ts";
import {
  call,
  decision,
  notification,
  request,
  result,
  settingRule,
  uncheckedRevision,
  type Message,
} from "../policy.ts";

const META = { progressToken: 7, "io.modelcontextprotocol/x": 1, own: 1 };

describe("identity", () => {
  it.each<readonly [string, Message, string, JsonValue]>([
    ["a tool's name", call("t"), "params.name", "other"],
    ["a resource's URI", request("resources/read", { uri: "a:b" }), "params.uri", "a:c"],
    ["all of the params", call("t"), "params", {}],
    ["a progress token", request("tools/call", { name: "t", _meta: META }), "params._meta.progressToken", 8],
    [
      "reserved metadata",
      request("tools/call", { name: "t", _meta: META }),
      'params._meta["io.modelcontextprotocol/x"]',
      2,
    ],
    ["new reserved metadata", request("tools/call", { name: "t" }), 'params._meta["io.modelcontextprotocol/y"]', 2],
    ["a cursor", request("tools/list", { cursor: "c" }), "params.cursor", "d"],
    ["the id that is cancelled", notification("notifications/cancelled", { requestId: 1 }), "params.requestId", 2],
    [
      "the token of a progress",
      notification("notifications/progress", { progressToken: 1 }),
      "params.progressToken",
      2,
    ],
    ["a task", request("tasks/get", { taskId: "1" }), "params.taskId", "2"],
    [
      "a completion's reference",
      request("completion/complete", { ref: { type: "ref/prompt", name: "p" } }),
      "params.ref.name",
      "q",
    ],
    ["the next cursor", result("tools/list", { tools: [], nextCursor: "c" }), "result.nextCursor", "d"],
    [
      "the kind of a result",
      result("tools/call", { content: [], resultType: "complete" }, "t"),
      "result.resultType",
      "task",
    ],
    ["the name of an entry", result("tools/list", { tools: [{ name: "a" }] }), "result.tools[0].name", "b"],
  ])("%s cannot be changed", (_, message, path, value) => {
    const revision = uncheckedRevision(
      "default allow rule r when message on files set x = 1",
      settingRule(path, value),
    );
    const { verdict, code, rule, content, record } = decision(revision, message);
    expect({ verdict, code, rule }).toEqual({ verdict: "block", code: POLICY_FAILED, rule: "r" });
    expect(content).toBe(message.content);
    expect(record.reason).toContain("identifies");
  });

  it("says nothing about metadata of others and ordinary fields", () => {
    const message = request("tools/call", { name: "t", _meta: META });
    const revision = uncheckedRevision(
      "default allow rule r when message on files set x = 1",
      settingRule("params._meta.own", 2),
    );
    expect(decision(revision, message).verdict).toBe("allow");
  });

  it("lets entries of a list go, and nothing else", () => {
    const list = listOfKind("tool");
    const named = (...names: readonly string[]): readonly JsonValue[] => names.map((name) => ({ name }));
    expect(isThinnedOut(named("a", "b", "c"), named("a", "c"), list)).toBe(true);
    expect(isThinnedOut(named("a", "b", "c"), [], list)).toBe(true);
    expect(isThinnedOut(named("a", "b"), named("b", "a"), list)).toBe(false);
    expect(isThinnedOut(named("a", "b"), named("a", "a"), list)).toBe(false);
    expect(isThinnedOut(named("a"), named("a", "b"), list)).toBe(false);
  });
});
