// What the one who is refused gets to see.
import { describe, expect, it } from "vitest";
import { refuse, unknownThing, type Refusal } from "../../../src/engine/telling/refusal.ts";
import { call, decision, notification, request, result, revisionOf, texts, type Message } from "../policy.ts";

function refused(policy: string, message: Message): Refusal {
  const revision = revisionOf(policy);
  return refuse(message.facts, decision(revision, message), revision);
}

const NO = 'default allow rule no when message on files block "No."';
const DATA = { rule: "no", revision: "r1", decision: "block" };

describe("a refusal", () => {
  it.each<readonly [string, string, Message, Refusal]>([
    [
      "of a call is a result that the model reads",
      NO,
      call("t"),
      { kind: "result", result: { ...texts("No."), isError: true } },
    ],
    [
      "of a call as error",
      'default allow rule no when tools/call t block "No." as error',
      call("t"),
      { kind: "error", code: 4030, message: "No.", data: DATA },
    ],
    [
      "of another request",
      NO,
      request("prompts/get", { name: "p" }),
      { kind: "error", code: 4030, message: "No.", data: DATA },
    ],
    [
      "of the result of a call",
      NO,
      result("tools/call", texts("x"), "t"),
      { kind: "result", result: { ...texts("No."), isError: true } },
    ],
    [
      "of another result",
      NO,
      result("prompts/get", { messages: [] }, "p"),
      { kind: "error", code: 4030, message: "No.", data: DATA },
    ],
    ["of a notification", NO, notification("notifications/message", { data: 1 }), { kind: "drop" }],
    [
      "of what a rule could not change",
      "default allow rule no when prompts/get p set a = user.id",
      request("prompts/get", { name: "p" }),
      { kind: "error", code: 5000, message: "The policy could not be applied (no).", data: DATA },
    ],
    [
      "without a reason names the rule",
      "default allow rule no when tools/call t block",
      call("t"),
      { kind: "result", result: { ...texts("Blocked by the policy (no)."), isError: true } },
    ],
    [
      "by default says so",
      "default block",
      call("t"),
      { kind: "result", result: { ...texts("Blocked by the default of the policy."), isError: true } },
    ],
  ])("%s", (_, policy, message, expected) => {
    expect(refused(policy, message)).toEqual(expected);
  });

  it("of what is not listed is what the protocol says to an unknown name", () => {
    expect(unknownThing("tool", "x")).toEqual({ kind: "error", code: -32602, message: "Unknown tool: x" });
    expect(unknownThing("prompt", "x")).toEqual({ kind: "error", code: -32602, message: "Unknown prompt: x" });
    expect(unknownThing("resource", "x:y")).toMatchObject({ kind: "error", code: -32002, data: { uri: "x:y" } });
  });
});
