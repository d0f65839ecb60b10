// What a report of tests says, for people, of what failed and of what holds on weak ground.
import { expect, test } from "vitest";
import { paintFor } from "../../../src/cli/paint.ts";
import { renderTestReport } from "../../../src/cli/policy/render-test-report.ts";
import { play } from "../../inspect/play/play.ts";

function rendered(text: string): string {
  return renderTestReport(play(text), [], paintFor({}));
}

test("a block that rests on doubt is told of, and passes", () => {
  const text = `default allow rule r when tools/call search on db where (limit > 50) block
test "it" send tools/call search {} on db expect block`;
  expect(rendered(text)).toBe(
    `passed, but policy.mcprules:3 it: r is in doubt: where (limit > 50)\n\n1 passed, 0 failed\n`,
  );
});

test("of a rule that matches, the exceptions that do not hold are told", () => {
  const text = `default allow rule r when tools/call fetch on web except with url "https://a.example/x" block
exception past to r until "2027-01-01" with url "https://b.example/x"
exception still to r until "2028-01-01" with url "https://c.example/x"
test "it" given now "2027-05-01T00:00:00Z" send tools/call fetch {"url": "https://a.example/y"} on web expect allow`;
  expect(rendered(text)).toContain(`
  matches   r policy.mcprules:2
              no: except with url "https://a.example/x", where it is "https://a.example/y"
              no: exception still
              no: exception past, which ran out on 2027-01-01
`);
});

test("a rule that hardly misses is told of", () => {
  const text = `default allow rule r when tools/call Get_* on db block
test "it" send tools/call get_x {} on db expect block`;
  expect(rendered(text)).toContain(
    "\n  got       allow by default\n  near      `r` is about `Get_*`, and this is `get_x`: capitals count\n",
  );
});
