// The settings file: what it may say, what is filled in, and how a mistake reads.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEFAULT_LIFE } from "../../../src/dispatch/life/life-options.ts";
import { type Settings, wrapOneServer } from "../../../src/io/settings/settings.ts";
import { parseSettings, readSettings } from "../../../src/io/settings/settings-file.ts";
import { renderProblems } from "../../../src/io/settings/problem.ts";

const ENVIRONMENT = { HOME: "/home/me", TOKEN: "s3cr3t", EMPTY: "" };

function settingsOf(text: string): Settings {
  const reading = parseSettings("/etc/proxy/servers.json", text, ENVIRONMENT);
  if (reading.kind === "problems") throw new Error(renderProblems(reading.problems));
  return reading.settings;
}

function problemsIn(text: string): string {
  const reading = parseSettings("servers.json", text, ENVIRONMENT);
  return reading.kind === "problems" ? renderProblems(reading.problems) : "none";
}

describe("a good settings file", () => {
  test("needs no more than a command for each server", () => {
    expect(settingsOf('{"mcpServers": {"files": {"command": "npx"}}}')).toEqual({
      file: "/etc/proxy/servers.json",
      servers: [
        {
          kind: "process",
          name: "files",
          command: "npx",
          args: [],
          env: {},
          cwd: "/etc/proxy",
          root: "/etc/proxy",
          home: "/home/me",
          life: DEFAULT_LIFE,
        },
      ],
      rules: [],
      profiles: [],
      naming: "plain",
      pin: "off",
      names: undefined,
      trustServers: [],
      log: { level: "info", to: "stderr", sinks: [] },
      limits: {
        messageBytes: 67_108_864,
        depth: 512,
        inFlight: 1024,
        lastAnswersMs: 10_000,
        httpBodyBytes: 16_777_216,
        sessions: 1000,
        sessionIdleMs: 1_800_000,
      },
      listen: { host: "127.0.0.1", port: 7331, path: "/mcp", allowedHosts: [], allowedOrigins: [], anyone: false },
      auth: undefined,
      keys: [],
      secretFiles: [],
    });
  });

  test("shows some servers by other rules, in profiles; what one does not say is as without it", () => {
    const profiles = `"rules": ["rules"], "profiles": {"dev": {"servers": ["b"], "rules": ["./dev", "/ops"]}, "all": {}}`;
    const text = `{"mcpServers": {"a": {"command": "x"}, "b": {"command": "x"}}, "mcprules": {${profiles}}}`;
    expect(settingsOf(text).profiles).toEqual([
      { name: "dev", servers: ["b"], rules: ["/etc/proxy/dev", "/ops"] },
      { name: "all", servers: ["a", "b"], rules: ["/etc/proxy/rules"] },
    ]);
  });

  test.each([
    ['{"dev": {"servers": ["c"]}}', "no server is called `c`"],
    ['{"dev": {"servers": []}}', "`servers` is empty"],
    ['{"dev": {"rules": []}}', "`rules` is empty"],
    ['{"../x": {}}', "`../x` cannot be the name of a profile"],
    ['{"dev": {"server": ["a"]}}', "did you mean `servers`?"],
  ])("a profile that makes no sense is refused: %s", (profiles, said) => {
    const text = `{"mcpServers": {"a": {"command": "x"}}, "mcprules": {"profiles": ${profiles}}}`;
    expect(problemsIn(text)).toContain(said);
  });

  test("says how a server comes back, and how long it may take", () => {
    const times = `"timeoutMs": {"default": 1000, "tools/call": 5}, "restart": {"minMs": 1, "maxMs": 2}`;
    const life = `"start": "lazy", "share": true, ${times}`;
    const text = `{"mcpServers": {"a": {"command": "x"}}, "mcprules": {"servers": {"a": {${life}}}}}`;
    expect(settingsOf(text).servers[0]?.life).toEqual({
      start: "lazy",
      share: true,
      restart: { minMs: 1, maxMs: 2 },
      timeout: { otherwiseMs: 1000, byMethod: new Map([["tools/call", 5]]) },
    });
  });

  test("may hold comments, trailing commas and a byte order mark, as hosts write it", () => {
    const text = '\uFEFF{ // servers\n "mcpServers": { /* one */ "files": { "command": "npx", "args": ["-y",], }, }, }';
    expect(settingsOf(text).servers[0]).toMatchObject({ args: ["-y"] });
  });

  test("resolves every path against its own folder", () => {
    const { servers, rules, log } = settingsOf(`{
      "mcpServers": { "files": { "command": "./bin/serve", "cwd": "work", "env": { "HOME": "/srv" } } },
      "mcprules": { "rules": ["rules", "/shared"], "log": { "to": "proxy.log" }, "servers": { "files": { "root": "tree" } } }
    }`);
    expect(servers[0]).toMatchObject({
      command: "./bin/serve",
      cwd: "/etc/proxy/work",
      root: "/etc/proxy/tree",
      home: "/srv",
    });
    expect(rules).toEqual(["/etc/proxy/rules", "/shared"]);
    expect(log.to).toBe("/etc/proxy/proxy.log");
  });

  test.each([
    ["${TOKEN}", "s3cr3t"],
    ["a-${TOKEN}-${HOME}", "a-s3cr3t-/home/me"],
    ["${NOBODY:-plan b}", "plan b"],
    ["${NOBODY:-}", ""],
    ["${EMPTY}", ""],
    ["${EMPTY:-plan b}", "plan b"],
    ["$TOKEN", "$TOKEN"],
  ])("%s becomes %s", (written, filled) => {
    const text = JSON.stringify({ mcpServers: { a: { command: "x", args: [written], env: { V: written } } } });
    expect(settingsOf(text).servers[0]).toMatchObject({ args: [filled], env: { V: filled } });
  });

  test("leaves out disabled servers, with whatever they name", () => {
    const text = `{ "mcpServers": {
      "old": { "type": "sse", "url": "https://old.example/sse", "headers": { "A": "\${NOT_SET}" }, "disabled": true },
      "files": { "command": "npx", "disabled": false } } }`;
    expect(settingsOf(text).servers.map(({ name }) => name)).toEqual(["files"]);
  });

  test("keeps the servers in the order they are written", () => {
    const text = '{"mcpServers": {"z": {"command": "x"}, "a": {"command": "x"}, "m": {"command": "x"}}}';
    expect(settingsOf(text).servers.map(({ name }) => name)).toEqual(["z", "a", "m"]);
  });
});

describe("one server without a settings file", () => {
  test("is a command with its arguments as they are", () => {
    const settings = wrapOneServer("server", ["npx", "-y", "some-server", "${HOME}"], { TOKEN: "t", UNSET: undefined });
    expect(settings?.file).toBeUndefined();
    expect(settings?.servers).toMatchObject([
      { name: "server", command: "npx", args: ["-y", "some-server", "${HOME}"], env: { TOKEN: "t" } },
    ]);
  });

  test("cannot have a name that no policy could write", () => {
    expect(wrapOneServer("my server", ["npx"], {})).toBeUndefined();
  });
});

describe("a mistake names file, place, path and cure", () => {
  test("a misspelt field", () => {
    expect(problemsIn('{\n  "mcpServers": {\n    "files": { "comand": "npx" }\n  }\n}')).toBe(
      `error: there is no field \`comand\` here
  --> servers.json:3:16 at mcpServers.files.comand
   = help: did you mean \`command\`?
`,
    );
  });

  test.each([
    ["JSON that ends too early", '{"mcpServers": {', "this is not JSON: the file ends too early", "1:16"],
    ["JSON with a wrong bracket", '{"mcpServers": ]', "unexpected `]`", "1:16"],
    ["JSON with single quotes", "{'mcpServers': {}}", "unexpected character `'`", "1:2"],
    [
      "JSON without a comma",
      '{"mcpServers": {"a": {"command": "x" "args": []}}}',
      "`,` is missing before this text",
      "1:38",
    ],
    ["JSON without a comma, a comment between", '{"a": [1, 2 /* two */ {}]}', "`,` is missing before this `{`", "1:23"],
    ["JSON without a comma in a list of texts", '["a", "b" "c"]', "`,` is missing before this text", "1:11"],
    ["JSON without a colon", '{"mcpServers" {}}', "`:` is missing before this `{`", "1:15"],
    ["JSON without a colon, further on", '{"a": [], "b" 7}', "`:` is missing before this number", "1:15"],
    ["JSON with two colons", '{"a":: 1}', "unexpected `:`", "1:6"],
    ["JSON that goes on", '{"mcpServers": {}} {}', "unexpected `{`", "1:20"],
    ["names without quotes", "{mcpServers: {}}", "names and texts stand between double quotes", "1:2"],
    ["an empty file", "", "the file ends too early", "1:1"],
    ["no servers at all", '{"mcpServers": {}}', "no server is named here", "1:2"],
    ["the section missing", "{}", "`mcpServers` is missing", "1:1"],
    ["a list where an object belongs", '{"mcpServers": []}', "`mcpServers` must be an object", "1:16"],
    ["the word of another host", '{"servers": {}}', "did you mean `mcpServers`?", "1:2"],
    [
      "a number among the arguments",
      '{"mcpServers": {"a": {"command": "x", "args": ["-p", 80]}}}',
      "must be a text",
      "1:54",
    ],
    ["a text for the arguments", '{"mcpServers": {"a": {"command": "x", "args": "-p"}}}', "must be a list", "1:47"],
    ["an empty command", '{"mcpServers": {"a": {"command": ""}}}', "`command` is empty", "1:34"],
    ["an unset variable", '{"mcpServers": {"a": {"command": "${NOBODY}"}}}', "`NOBODY` is not set", "1:34"],
    ["another host's variable", '{"mcpServers": {"a": {"command": "${env:HOME}"}}}', "write `${HOME}`", "1:34"],
    [
      "the same name twice",
      '{"mcpServers": {"a": {"command": "x"}, "a": {"command": "y"}}}',
      "`a` stands here twice",
      "1:40",
    ],
    ["a prototype for a name", '{"mcpServers": {"__proto__": {"command": "x"}}}', "cannot be a name", "1:17"],
    ["a bad server name", '{"mcpServers": {"my server": {"command": "x"}}}', "call it `my-server`", "1:17"],
    [
      "an unknown naming",
      '{"mcpServers": {"a": {"command": "x"}}, "mcprules": {"naming": "prefx"}}',
      "did you mean `prefix`?",
      "1:64",
    ],
    [
      "a limit below its bound",
      '{"mcpServers": {"a": {"command": "x"}}, "mcprules": {"limits": {"depth": 1}}}',
      "at least 8",
      "1:74",
    ],
    [
      "half a limit",
      '{"mcpServers": {"a": {"command": "x"}}, "mcprules": {"limits": {"depth": 9.5}}}',
      "a whole number",
      "1:74",
    ],
    [
      "trust in nobody",
      '{"mcpServers": {"files": {"command": "x"}}, "mcprules": {"trustServers": ["file"]}}',
      "did you mean `files`?",
      "1:75",
    ],
    [
      "extras for nobody",
      '{"mcpServers": {"files": {"command": "x"}}, "mcprules": {"servers": {"b": {}}}}',
      "no server is called `b`",
      "1:70",
    ],
  ])("%s", (_name, text, message, place) => {
    expect(problemsIn(text)).toContain(message);
    expect(problemsIn(text)).toContain(`servers.json:${place}`);
  });

  test("several are said at once", () => {
    const text =
      '{"mcpServers": {"a": {"command": 1, "args": {}, "cwd": ""}}, "mcprules": {"pinn": "off", "naming": 3}}';
    expect(problemsIn(text).match(/^error/gm)).toHaveLength(5);
  });

  test.each([['"servers": {"a": {"arguments": "schema"}}', "arguments"]])(
    "%s is refused as part of a later version",
    (field, name) => {
      const text = `{"mcpServers": {"a": {"command": "x"}}, "mcprules": {${field}}}`;
      expect(problemsIn(text)).toMatch(new RegExp(`\`${name}\` is (not served|served) in this version`));
    },
  );

  test("values that say what this version does are fine", () => {
    const text = `{"mcpServers": {"a": {"type": "stdio", "command": "x"}},
      "mcprules": {"servers": {"a": {"start": "eager", "share": false, "arguments": "any"}}}}`;
    expect(problemsIn(text)).toBe("none");
  });

  test.each([
    ['"timeoutMs": 0', "`timeoutMs` must be at least 1"],
    ['"timeoutMs": {"tools/call": "1 s"}', "milliseconds"],
    ['"restart": {"minMs": 2000, "maxMs": 1000}', "`minMs` is more than `maxMs`"],
    ['"share": true, "era": "modern"', "`share` is for servers of the legacy era"],
    ['"start": "early"', "`eager`, `lazy`"],
    ['"restart": {"min": 1}', "known here: `minMs`, `maxMs`"],
  ])("a time that makes no sense is refused: %s", (field, said) => {
    const text = `{"mcpServers": {"a": {"command": "x"}}, "mcprules": {"servers": {"a": {${field}}}}}`;
    expect(problemsIn(text)).toContain(said);
  });

  test("secrets never stand in a message", () => {
    const text =
      '{"mcpServers": {"a": {"command": "x", "type": "${TOKEN}", "args": "${TOKEN}"}}, "mcprules": {"naming": "${TOKEN}"}}';
    expect(problemsIn(text)).not.toContain("s3cr3t");
    expect(problemsIn(text).match(/^error/gm)).toHaveLength(3);
  });
});

describe("a settings file that cannot be read", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "mcprules-settings-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ["missing.json", "there is no such file"],
    ["", "it is a folder"],
    ["latin.json", "it is not UTF-8"],
  ])("%s: %s", (name, reason) => {
    writeFileSync(join(folder, "latin.json"), Buffer.from([0x7b, 0xe9, 0x7d]));
    const reading = readSettings(join(folder, name), ENVIRONMENT);
    expect(reading.kind === "problems" && reading.problems[0]?.message).toContain(reason);
  });
});
