// The section `modules` of the settings: what comes of it, and each mistake with its place and its cure.
import { describe, expect, test } from "vitest";
import { parseSettings } from "../../../src/io/settings/settings-file.ts";
import { renderProblems } from "../../../src/io/settings/problem.ts";

const ENVIRONMENT = { TOKEN: "secret", HOME: "/home/me" };

function read(modules: string) {
  const text = `{"mcpServers": {"s": {"command": "x"}}, "mcprules": {"modules": ${modules}}}`;
  return parseSettings("/etc/proxy/servers.json", text, ENVIRONMENT);
}

function problemsOf(modules: string): string {
  const reading = read(modules);
  return reading.kind === "problems" ? renderProblems(reading.problems) : "none";
}

describe("a good section", () => {
  test("needs no more than where the module is", () => {
    const reading = read('{"dlp": {"command": "node", "args": ["dlp.js"]}, "tidy": {"module": "./tidy.mjs"}}');
    if (reading.kind !== "settings") throw new Error(problemsOf("{}"));
    expect(reading.settings.modules).toMatchObject({
      deadlineMs: 5000,
      maxBytes: 4_194_304,
      modules: [
        {
          name: "dlp",
          host: { kind: "process", command: "node", args: ["dlp.js"], cwd: "/etc/proxy" },
          mode: "active",
          failOpen: false,
          timeoutMs: 2000,
          send: { hidesMeta: false, claims: undefined },
        },
        { name: "tidy", host: { kind: "script", path: "/etc/proxy/tidy.mjs", isIsolated: true } },
      ],
    });
  });

  test("tells a remote module neither metadata nor claims, unless they are named", () => {
    const reading = read('{"scan": {"url": "https://scan.example/mcp", "send": {"redact": ["/AK[0-9]+/"]}}}');
    expect(reading).toHaveProperty(
      "settings.modules.modules[0].send",
      expect.objectContaining({ hidesMeta: true, claims: [] }),
    );
  });
});

test.each([
  ["nowhere", '{"a": {}}', "`a` must have a `command`, a `url` or a `module`"],
  [
    "in two places",
    '{"a": {"command": "x", "url": "https://a.example/"}}',
    "`url` stands beside a `command`: a module is in one place",
  ],
  [
    "with what belongs elsewhere",
    '{"a": {"module": "a.mjs", "env": {}}}',
    "`env` belongs to a `command`, and here is a `module`",
  ],
  [
    "in the clear",
    '{"a": {"url": "http://a.example/"}}',
    "`url` must be `https`, or on this machine: messages go there",
  ],
  [
    "with a secret in it",
    '{"a": {"url": "https://a.example/", "auth": {"bearer": "abc"}}}',
    "a secret does not stand in the settings",
  ],
  [
    "with a secret in a header",
    '{"a": {"url": "https://a.example/", "headers": {"Authorization": "Bearer abc"}}}',
    "`Authorization` is a secret: write `auth`",
  ],
  [
    "with a secret that is not there",
    '{"a": {"url": "https://a.example/", "auth": {"bearer": {"env": "NOPE"}}}}',
    "the environment variable `NOPE` is not set",
  ],
  [
    "with two logins",
    '{"a": {"url": "https://a.example/", "auth": {"bearer": {"env": "TOKEN"}, "mtls": {"cert": "c", "key": "k"}}}}',
    "`auth` must be one of `bearer`, `hmac` and `mtls`",
  ],
  ["with a name that rules cannot write", '{"a-b": {"command": "x"}}', "`a-b` cannot be the name of a module"],
  [
    "with a pattern that is none",
    '{"a": {"command": "x", "send": {"redact": ["/(?=a)/"]}}}',
    "the pattern cannot be used",
  ],
  ["with a field that is unknown", '{"a": {"command": "x", "timeout": 5}}', "did you mean `timeoutMs`?"],
  ["with too much time", '{"a": {"command": "x", "timeoutMs": 60000}}', "`timeoutMs` must be at most 30000"],
  [
    "with an event that is none",
    '{"a": {"command": "x", "interceptors": {"i": {"type": "mutation", "hooks": [{"events": ["tools"], "phase": "request"}]}}}}',
    "must be an event such as `tools/call`, or `*`",
  ],
])("a module %s is a mistake that says where and what to do", (_, modules, wanted) => {
  const said = problemsOf(modules);
  expect(said).toContain(wanted);
  expect(said).toMatch(/--> .*servers\.json:1:\d+ at mcprules\.modules\.a/);
  expect(said).not.toContain("abc");
});
