// Servers in the settings: started or connected to, and what an entry must not hold.
import { expect, test } from "vitest";
import { parseSettings } from "../../../src/io/settings/settings-file.ts";
import { renderProblems } from "../../../src/io/settings/problem.ts";

const ENVIRONMENT = { HOME: "/home/me", TOKEN: "s3cr3t", EMPTY: "" };

test("knows servers by their URL, which may be anywhere, and reads headers by lower-case name", () => {
  const text = `{ "mcpServers": {
    "any": { "url": "https://x.example/mcp?a=b" },
    "new": { "type": "http", "url": "http://127.0.0.1:1/mcp", "headers": { "Authorization": "Bearer \${TOKEN}" } },
    "old": { "type": "sse", "url": "https://old.example/sse" } },
    "mcprules": { "servers": { "new": { "root": "work" } } } }`;
  const reading = parseSettings("/etc/proxy/servers.json", text, ENVIRONMENT);
  const nothing = { kind: "http", headers: {}, root: undefined, home: undefined };
  expect(reading.kind === "settings" && reading.settings.servers).toMatchObject([
    { ...nothing, name: "any", url: "https://x.example/mcp?a=b", wire: "either" },
    {
      ...nothing,
      name: "new",
      url: "http://127.0.0.1:1/mcp",
      wire: "http",
      headers: { authorization: "Bearer s3cr3t" },
      root: "/etc/proxy/work",
    },
    { ...nothing, name: "old", url: "https://old.example/sse", wire: "sse" },
  ]);
});

test.each([
  ["{}", "`command` is missing"],
  [
    '{"url": "https://x.example", "headers": {"Authorization": "Bearer ${EMPTY}"}}',
    "`Authorization` has nothing after the scheme: is the variable empty?",
  ],
  ['{"type": "http"}', "`url` is missing"],
  ['{"command": "x", "url": "https://x.example/mcp"}', "`url` stands beside a `command`"],
  ['{"command": "x", "type": "sse"}', "`type` wants a `url`"],
  ['{"command": "x", "headers": {}}', "`headers` belongs to a `url`"],
  ['{"url": "https://x.example", "type": "stdio"}', "`type` wants a `command`"],
  ['{"url": "https://x.example", "args": [], "env": {}, "cwd": "."}', "`cwd` belongs to a `command`"],
  ['{"url": "x.example/mcp"}', "`url` is no URL such as"],
  ['{"url": "file:///etc/passwd"}', "`url` must begin with `https://`"],
  ['{"url": "https://me:${TOKEN}@x.example"}', "`url` holds a name or password"],
  ['{"url": "https://x.example/#a"}', "`url` has a part after `#`"],
  ['{"url": "https://x.example", "headers": {"a b": "c"}}', "`a b` cannot be the name of a header"],
  [
    '{"url": "https://x.example", "headers": {"Mcp-Session-Id": "c"}}',
    "`Mcp-Session-Id` is a header that the proxy sets",
  ],
  ['{"url": "https://x.example", "headers": {"A": "${TOKEN}\\nB: c"}}', "`A` has a value that no header can have"],
  ['{"url": "https://x.example", "type": "htp"}', "did you mean `http`?"],
  ['{"url": "https://x.example", "type": "streamableHttp"}', "did you mean `http`?"],
  ['{"serverUrl": "https://x.example"}', "did you mean `url`?"],
  ['{"command": "x", "autoApprove": []}', "leave out what only your host reads"],
])("the server %s is refused", (server, said) => {
  const reading = parseSettings("servers.json", `{"mcpServers": {"a": ${server}}}`, ENVIRONMENT);
  const report = reading.kind === "problems" ? renderProblems(reading.problems) : "none";
  expect(report).toContain(said);
  expect(report).not.toContain("s3cr3t");
});
