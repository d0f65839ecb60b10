// Resources inside results are judged as the resources they are.
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/mcp/json.ts";
import { decision, result, revisionOf, type Message } from "./policy.ts";

const LINK: JsonObject = { type: "resource_link", uri: "file:///etc/passwd", name: "p", mimeType: "text/plain" };
const EMBEDDED: JsonObject = { type: "resource", resource: { uri: "file:///srv/a", text: "x", mimeType: "text/html" } };
const TEXT: JsonObject = { type: "text", text: "file:///etc/passwd" };
const CALL: Message = result("tools/call", { content: [LINK, TEXT, EMBEDDED] }, "t");

describe("a resource inside a result", () => {
  it.each<readonly [string, string, readonly JsonObject[]]>([
    [
      "goes where a rule on the resource blocks it",
      'rule r when resource "file:///etc/**" block "no {name}"',
      [{ type: "text", text: "no file:///etc/passwd" }, TEXT, EMBEDDED],
    ],
    [
      "goes by what it says of itself",
      'rule r when resource * with mimeType "text/html" block "no"',
      [LINK, TEXT, { type: "text", text: "no" }],
    ],
    [
      "goes by a default for resources, unless a rule allows it",
      'default block "no" when resource * rule r when resource "file:///srv/**" allow',
      [{ type: "text", text: "no" }, TEXT, EMBEDDED],
    ],
    [
      "stays where only reading it is blocked",
      'rule r when resources/read "file:///etc/**" block',
      [LINK, TEXT, EMBEDDED],
    ],
    ["stays in shadow", 'rule r in shadow when resource "file:///etc/**" block', [LINK, TEXT, EMBEDDED]],
    ["stays on another server", 'rule r when resource "file:///etc/**" on other block', [LINK, TEXT, EMBEDDED]],
  ])("%s", (_, rule, content) => {
    expect(decision(revisionOf(`default allow ${rule}`), CALL).content).toEqual({ result: { content } });
  });

  it("goes from what is read together with another, which was judged when it was asked for", () => {
    const contents = ["file:///etc", "file:///etc/passwd", "file:///srv/a"].map((uri) => ({ uri, text: "x" }));
    const policy = 'default allow rule r when resource "file:///etc/*" block "no"';
    expect(decision(revisionOf(policy), result("resources/read", { contents }, "file:///etc")).content).toEqual({
      result: {
        contents: [contents[0], { uri: "file:///etc/passwd", mimeType: "text/plain", text: "no" }, contents[2]],
      },
    });
  });

  it("goes from a prompt too, and is recorded", () => {
    const messages = [{ role: "user", content: LINK }];
    const policy = 'default allow rule r when resource "file:///etc/**" block "no"';
    const { content, record, changed } = decision(revisionOf(policy), result("prompts/get", { messages }, "p"));
    expect(content).toEqual({ result: { messages: [{ role: "user", content: { type: "text", text: "no" } }] } });
    expect(record.changedBy).toEqual(["r"]);
    expect(changed).toBe(true);
  });
});
