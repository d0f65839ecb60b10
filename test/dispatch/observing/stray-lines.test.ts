// What a server prints on its stdout that is no message: shown once a run, counted after that, and without what the policy hides.
import { describe, expect, test } from "vitest";
import { serverOptions } from "../server-script.ts";
import { Stage } from "../stage.ts";

function print(stage: Stage, ...lines: readonly string[]): void {
  for (const line of lines)
    stage.happen({ kind: "server-message", client: "c", server: "a", bytes: Buffer.from(line) });
}

function shown(text: string): string {
  return `prints what is no MCP, which is dropped: \`${text}\`; what is no MCP belongs on its stderr`;
}

describe("a line on stdout that is no message", () => {
  test.each([
    ["a text", "Server listening…", "Server listening…"],
    ["a line of a log in JSON", '{"level":30,"msg":"up"}', '{"level":30,"msg":"up"}'],
    ["JSON that is no object", "null", "null"],
    ["what begins as a list", "[INFO] up", "[INFO] up"],
    ["what a terminal would obey", "\u001b[31mred", "\uFFFD[31mred"],
    ["a long one", "x".repeat(300), `${"x".repeat(100)} …`],
    ["one of wide characters", "😀".repeat(150), `${"😀".repeat(100)} …`],
  ])("is shown: %s", (_, line, text) => {
    const stage = Stage.open();
    print(stage, line);
    expect(stage.reports()).toEqual([shown(text)]);
    expect(stage.others).toContainEqual({ kind: "report", level: "warn", text: shown(text), server: "a" });
  });

  test("is masked before it is cut", () => {
    const stage = Stage.open({
      policy: 'default allow\nrule keys\n  when message\n  redact /sk-[0-9a-f]{20}/ as "***"',
    });
    print(stage, `${"x".repeat(90)}sk-0123456789abcdef0123`);
    expect(stage.reports()).toEqual([shown(`${"x".repeat(90)}***`)]);
  });

  test("begins a run, of which the rest is counted, ever more rarely", () => {
    const stage = Stage.open();
    print(stage, "one", "two", "three");
    expect(stage.reports()).toEqual([shown("one")]);
    stage.fire(10_000);
    expect(stage.reports()[1]).toBe(
      "printed 2 more lines of what is no MCP, and was dropped; what is no MCP belongs on its stderr",
    );
    print(stage, "four");
    expect(() => stage.fire(40_000)).toThrow("no such timer");
    stage.fire(20_000);
    expect(stage.reports()[2]).toContain("printed one more line");
    stage.fire(40_000);
    expect(stage.reports()).toHaveLength(3);
    print(stage, "five");
    expect(stage.reports()[3]).toBe(shown("five"));
  });

  test("is told of no more once there were many runs", () => {
    const stage = Stage.open();
    for (let run = 0; run < 20; run++) {
      print(stage, "again");
      stage.fire(10_000);
    }
    expect(stage.reports()).toHaveLength(10);
  });
});

describe("is told of as before, with the reason and nothing of it,", () => {
  test.each([
    [
      "what was to be an answer",
      "stdio",
      '{"jsonrpc":"2.0","id":99,"result":{"x":}}',
      "a message was dropped: it is not JSON at byte",
    ],
    ["what comes over HTTP", "http", "hello", "a message was dropped: it is not JSON at byte 0"],
  ] as const)("%s", (_, transport, line, text) => {
    const servers = [{ ...serverOptions("a", {}), transport }];
    const stage = Stage.open({ options: { servers } });
    print(stage, line);
    expect(stage.reports()).toEqual([expect.stringContaining(text)]);
  });
});
