// What becomes of a message at the gates of a test, where the proxy refuses it.
import { expect, test } from "vitest";
import { play } from "./play.ts";

test("nobody can be asked in a way that the proxy has not, whatever a human would say", () => {
  const policy = `default allow
    rule paged when tools/call pay ask "Pay?" via url
    rule few when tools/call look limit 1 per 1m else ask "Look?" via url`;
  for (const [name, rule] of [
    ["pay", "paged"],
    ["look", "few"],
  ]) {
    const call = `send tools/call ${name ?? ""} {} 2 times`;
    const says = 'expect result.content[0].text = "It needs somebody\'s approval, and nobody can be asked."';
    expect(play(`${policy} test "it" given human approves ${call} expect block by ${rule ?? ""} ${says}`).failed).toBe(
      0,
    );
    expect(play(`${policy} test "it" ${call} expect block by ${rule ?? ""}`).failed).toBe(0);
  }
});

test("the record of what a limit refuses says where its rule stands", () => {
  const limited = `default allow\nrule none when tools/call look limit 1 per 1m test "it" send tools/call look {} 2 times expect allow`;
  const [failure] = play(limited).tests[0]?.failures ?? [];
  expect(failure?.explanation?.record).toMatchObject({ rule: "none", place: expect.stringMatching(/:3:\d+$/) });
});
