// What an explanation says, for people, of the world outside: who was asked, what was counted, called and kept.
import { describe, expect, test } from "vitest";
import { renderExplanation } from "../../../src/cli/policy/render-explanation.ts";
import { paintFor } from "../../../src/cli/paint.ts";
import { play } from "../../inspect/play/play.ts";

const POLICY = `default allow
rule confirm when tools/call pay on bank ask "Pay {amount}?"
rule often when tools/call look on bank limit 2 per 1m
rule paged when tools/call log_in on bank ask "Log in?" via url
rule keep when tools/call look on bank cache for 5m
rule seen when tools/call look on bank tag looked for 1h by user
rule none-looked when tools/call none on bank with tags looked block
rule shield when tools/call pay on bank call dlp
rule short when tool look_* on bank rename to "see_*"
rule titled when tool look_up on bank set title = "Up"
rule trial in shadow when tools/call look on bank call dlp`;

/** Of a test that fails, what its last message has to say. */
function lines(steps: string): string {
  const [outcome] = play(`${POLICY}\ntest "it" ${steps}`).tests;
  const explanation = outcome?.failures[0]?.explanation;
  if (!explanation) throw new Error("the test was to fail");
  return renderExplanation(explanation, paintFor({}), { allParts: false })
    .map((line) => line.replace(/^ {2}/, ""))
    .join("\n");
}

const PAY = `send tools/call pay {"amount": 5} on bank`;
const LOOK = `send tools/call look {} on bank`;

describe("an explanation says", () => {
  test.each([
    ["what is asked", `${PAY} expect allow`, "asked     Pay 5? confirm: nobody has answered"],
    ["what a human said", `given human declines ${PAY} expect allow`, "asked     Pay 5? confirm: a human declines"],
    [
      "that nobody can be asked",
      `given human approves send tools/call log_in {} on bank expect allow`,
      "asked     Log in? paged: nobody can be asked via url",
    ],
    [
      "which rule renamed a thing",
      `send tools/list {} on bank reply {"tools": [{"name": "look_in"}]} expect block`,
      "listed    tool look_in renamed to see_in by short",
    ],
    [
      "which rule renamed a thing, and which changed it",
      `send tools/list {} on bank reply {"tools": [{"name": "look_up"}]} expect block`,
      "listed    tool look_up renamed to see_up by short, changed by titled",
    ],
    ["what was counted", `${LOOK} expect block`, "counted   1 of 2 per 1m often"],
    ["what is over", `${LOOK} 3 times expect allow`, "counted   2 of 2 per 1m often no room for it"],
    ["what is noted for long", `${LOOK} expect block`, "tagged    looked for 1h"],
    ["that nothing is kept", `${LOOK} expect block`, "cache     nothing kept yet keep"],
    ["that it was kept", `${LOOK} reply {"content": []} ${LOOK} expect block`, "cache     answered before keep"],
    [
      "what a module said",
      `given call dlp returns {"valid": false, "messages": [{"message": "no"}]} ${PAY} expect allow`,
      "called    dlp shield rejected no",
    ],
    ["that a module has nothing to say", `${PAY} expect allow`, "called    dlp shield has nothing to say"],
    [
      "that it counted for nothing",
      `given call dlp returns {"valid": false, "messages": ["no"]} ${LOOK} expect block`,
      "called    dlp trial rejected no (in shadow)",
    ],
  ])("%s", (_, steps, line) => expect(lines(steps).split("\n")).toContain(line));
});
