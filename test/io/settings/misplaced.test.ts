// Fields that stand in the wrong place, or under the name that another host has for them.
import { expect, test } from "vitest";
import { renderProblems } from "../../../src/io/settings/problem.ts";
import { parseSettings } from "../../../src/io/settings/settings-file.ts";

function problemsIn(value: object): string {
  const reading = parseSettings("servers.json", JSON.stringify(value), {});
  return reading.kind === "problems" ? renderProblems(reading.problems) : "none";
}

const A = { command: "x" };
const REMOTE = { url: "https://x.example/mcp" };

test.each([
  [{ mcpServers: { a: { ...REMOTE, oauth: {} } } }, "it belongs in `mcprules.servers.a.oauth`"],
  [{ mcpServers: { a: { ...A, start: "lazy" } } }, "it belongs in `mcprules.servers.a.start`"],
  [{ mcpServers: { "a.b": { ...A, root: "/" } } }, 'it belongs in `mcprules.servers["a.b"].root`'],
  [{ mcpServers: { a: A }, rules: ["./rules"] }, "it belongs in `mcprules.rules`"],
  [{ mcpServers: { a: A }, listen: { port: 1 } }, "it belongs in `mcprules.listen`"],
  [{ mcpServers: { a: { ...A, mcprules: {} } } }, "`mcprules` stands beside `mcpServers`, not in it"],
  [{ mcpServers: { a: A, mcprules: { rules: ["./rules"], pin: "off" } } }, "`mcprules` stands beside `mcpServers`"],
  [{ servers: { a: A } }, "did you mean `mcpServers`?"],
  [{ mcpServers: { a: { serverUrl: "https://x.example/mcp" } } }, "did you mean `url`?"],
  [{ mcpServers: { a: { httpUrl: "https://x.example/mcp" } } }, "did you mean `url`?"],
  [{ mcpServers: { a: { ...REMOTE, transport: "sse" } } }, "did you mean `type`?"],
  [{ mcpServers: { a: { ...REMOTE, transportType: "sse" } } }, "did you mean `type`?"],
  [{ mcpServers: { a: { comand: "x" } } }, "did you mean `command`?"],
  [{ mcpServers: { a: A }, mcprules: { auth: { bearer: [{ envs: "T" }] } } }, "did you mean `env`?"],
])("one mistake, and where it belongs: %j", (value, help) => {
  const said = problemsIn(value);
  expect(said).toContain(`= help: ${help}`);
  expect(said.match(/^error/gm)).toHaveLength(1);
});

test("what is known inside a list is listed", () => {
  const said = problemsIn({ mcpServers: { a: A }, mcprules: { auth: { bearer: [{ token: "x" }] } } });
  expect(said).toContain("= help: known here: `env`, `user`, `groups`\n");
});

test("a server may be called like our section", () => {
  expect(problemsIn({ mcpServers: { mcprules: A } })).toBe("none");
});

test("a server that has neither is still told so", () => {
  expect(problemsIn({ mcpServers: { a: { gallery: true } } })).toContain("`command` is missing");
});
