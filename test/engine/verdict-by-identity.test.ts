// Verdicts that need no more than who, what and where.
import { describe, expect, it } from "vitest";
import {
  call,
  decision,
  notification,
  request,
  result,
  revisionOf,
  said,
  texts,
  user,
  type Message,
  type Said,
} from "./policy.ts";

describe("a verdict by identity", () => {
  const POLICY = `
    default allow
    default block "Only listed tools." when tool *
    rule reading when tool get_* | list_* allow
    rule no-secrets when tool get_secret on files | vault block "Secrets stay."
    rule ours when tools/call * for group "staff" for user "*@example.com" allow
    rule no-guest when request from client for user guest block`;

  const rows: readonly (readonly [string, Message, Said])[] = [
    ["a rule that allows", call("get_x"), ["allow", "reading"]],
    ["the default for things", call("drop_table"), ["block", "default"]],
    ["block before allow", call("get_secret"), ["block", "no-secrets"]],
    ["another server", call("get_secret", {}, { server: "wiki" }), ["allow", "reading"]],
    ["the bare default", request("prompts/get", { name: "p" }), ["allow", "default"]],
    ["user and group", call("drop_table", {}, { principal: user("a@example.com", ["staff"]) }), ["allow", "ours"]],
    ["the wrong group", call("drop_table", {}, { principal: user("a@example.com", ["guests"]) }), ["block", "default"]],
    [
      "a group that nobody knows is in doubt, and allows nothing",
      call("drop_table", {}, { principal: user("a@example.com", "unknown") }),
      ["block", "default"],
    ],
    ["any request", request("completion/complete", {}, { principal: user("guest") }), ["block", "no-guest"]],
    [
      "a handshake is refused only by its name",
      request("initialize", {}, { principal: user("guest") }),
      ["allow", undefined],
    ],
    ["a list too", request("tools/list", {}, { principal: user("guest") }), ["allow", undefined]],
    ["a reply answers to rules only", result("tools/call", texts("x"), "drop_table"), ["allow", undefined]],
  ];

  it.each(rows)("%s", (_, message, expected) => {
    expect(said(POLICY, message)).toEqual(expected);
  });

  it("never refuses by default what keeps a connection alive", () => {
    expect(said("default block", request("roots/list"))).toEqual(["block", "default"]);
    for (const method of ["initialize", "ping", "tools/list", "resources/templates/list", "server/discover"]) {
      expect(said("default block", request(method))).toEqual(["allow", undefined]);
    }
    for (const method of ["notifications/cancelled", "notifications/progress", "notifications/tools/list_changed"]) {
      expect(said("default block", notification(method))).toEqual(["allow", undefined]);
    }
    expect(said("default block", notification("notifications/message", { data: 1 }))).toEqual(["block", "default"]);
    expect(said("default allow rule x when initialize block", request("initialize"))).toEqual(["block", "x"]);
  });

  it("takes a block among the defaults that match, and the specific before the bare one", () => {
    const policy = `default block
      default allow when tool *
      default block when tool rm_* | cp_*`;
    expect(said(policy, call("ls"))).toEqual(["allow", "default"]);
    expect(said(policy, call("rm_all"))).toEqual(["block", "default"]);
    expect(said(policy, request("logging/setLevel", { level: "info" }))).toEqual(["block", "default"]);
  });

  it("answers in the server's place, and a text is one text content", () => {
    const policy = `default allow
      rule canned when tools/call weather answer "Sunny."
      rule object when tools/call clock answer {"content": []}`;
    expect(decision(revisionOf(policy), call("weather")).answer).toEqual(texts("Sunny."));
    expect(decision(revisionOf(policy), call("clock")).answer).toEqual({ content: [] });
    expect(said(policy, call("weather"))).toEqual(["answer", "canned"]);
  });

  it("does not lift a default by answering, and blocks before it answers", () => {
    expect(said(`default block rule canned when tools/call weather answer "Sunny."`, call("weather"))).toEqual([
      "block",
      "default",
    ]);
    expect(said(`default block rule both when tools/call weather allow answer "Sunny."`, call("weather"))).toEqual([
      "answer",
      "both",
    ]);
    const policy = `default allow rule canned when tools/call w answer "x" rule no when tools/call w with a block`;
    expect(said(policy, call("w", { a: 1 }))).toEqual(["block", "no"]);
  });

  it("blocks what cannot be answered", () => {
    const policy = `default allow rule canned when message on files answer "x"`;
    expect(said(policy, notification("notifications/message"))).toEqual(["block", "canned"]);
  });
});
