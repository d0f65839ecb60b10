// The section `approvals` of the settings: what holds where nothing is said, what is taken, and what is refused with a word on why.
import { expect, test } from "vitest";
import { parseSettings } from "../../../src/io/settings/settings-file.ts";

function read(approvals?: object): ReturnType<typeof parseSettings> {
  const mcprules = approvals === undefined ? {} : { approvals };
  const text = JSON.stringify({ mcpServers: { a: { command: "a" } }, mcprules });
  return parseSettings("/etc/servers.json", text, {});
}

test("nothing said leaves it to the proxy", () => {
  expect(read()).toMatchObject({ kind: "settings", settings: { asking: undefined } });
});

test.each([
  [{}, { channels: ["elicitation", "queue"], withinMs: 120_000, maxPending: 5 }],
  [
    { channels: ["queue"], within: "24h", maxPending: 1 },
    { channels: ["queue"], withinMs: 86_400_000, maxPending: 1 },
  ],
  [{ within: "5s" }, { withinMs: 5000 }],
  [{ within: "2m" }, { withinMs: 120_000 }],
])("%j", (approvals, asking) => {
  expect(read(approvals)).toMatchObject({ kind: "settings", settings: { asking } });
});

test.each([
  [{ channels: ["url"] }, "is not served in this version"],
  [{ channels: ["smoke"] }, "must be one of `elicitation`, `queue`"],
  [{ channels: [] }, "channels"],
  [{ within: "4s" }, "from `5s` to `24h`"],
  [{ within: "25h" }, "from `5s` to `24h`"],
  [{ within: "soon" }, "from `5s` to `24h`"],
  [{ within: 120 }, "within"],
  [{ maxPending: 0 }, "maxPending"],
  [{ baseUrl: "https://me.example" }, "is not served in this version"],
])("%j is refused", (approvals, words) => {
  const reading = read(approvals);
  const problems = reading.kind === "problems" ? reading.problems : [];
  expect(problems.map(({ path, message }) => `${path} ${message}`).join("\n")).toContain(words);
});
