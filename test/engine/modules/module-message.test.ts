// What a module gets to see of each kind of message, and of which it hears nothing.
import { describe, expect, it } from "vitest";
import type { Content } from "../../../src/engine/decision.ts";
import type { Facts } from "../../../src/engine/facts.ts";
import { moduleMessage } from "../../../src/engine/modules/module-message.ts";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { CALL, CALLED, FAILED, factsOf, GREETED } from "./facts.ts";

describe("what a module sees", () => {
  it.each<readonly [string, Facts, Content, JsonObject | undefined]>([
    [
      "a call",
      CALL,
      { params: { name: "t" } },
      { event: "tools/call", phase: "request", payload: { method: "tools/call", params: { name: "t" } } },
    ],
    [
      "a result as it is",
      CALLED,
      { result: { content: [] } },
      { event: "tools/call", phase: "response", payload: { content: [] } },
    ],
    [
      "a list of templates under its own name",
      factsOf("result", "resources/templates/list"),
      { result: { resourceTemplates: [] } },
      { event: "resources/templates/list", phase: "response", payload: { resourceTemplates: [] } },
    ],
    [
      "another request under ours",
      factsOf("request", "completion/complete"),
      { params: {} },
      { event: "mcprules/request", phase: "request", payload: { method: "completion/complete", params: {} } },
    ],
    [
      "a method nobody knows",
      factsOf("request", "x/y"),
      {},
      { event: "mcprules/request", phase: "request", payload: { method: "x/y" } },
    ],
    [
      "another result with the method it answers",
      factsOf("result", "tasks/get"),
      { result: { taskId: "1" } },
      { event: "mcprules/request", phase: "response", payload: { method: "tasks/get", result: { taskId: "1" } } },
    ],
    [
      "a notification",
      factsOf("notification", "notifications/progress"),
      { params: { progress: 1 } },
      {
        event: "mcprules/notification",
        phase: "request",
        payload: { method: "notifications/progress", params: { progress: 1 } },
      },
    ],
    [
      "an error",
      FAILED,
      { error: { code: 1, message: "m" } },
      {
        event: "mcprules/error",
        phase: "response",
        payload: { method: "tools/call", error: { code: 1, message: "m" } },
      },
    ],
    [
      "a handshake",
      GREETED,
      { result: {} },
      { event: "mcprules/initialize", phase: "response", payload: { method: "initialize", result: {} } },
    ],
    ["no ping", factsOf("request", "ping"), {}, undefined],
    ["no answer to a ping", factsOf("result", "ping"), {}, undefined],
    ["no cancellation", factsOf("notification", "notifications/cancelled"), { params: { requestId: 1 } }, undefined],
  ])("%s", (_, facts, content, expected) => {
    expect(moduleMessage(facts, content)).toEqual(expected);
  });
});
