// The parts of the settings file that clients over HTTP, both eras and sealed states depend on.
import { describe, expect, test } from "vitest";
import type { Settings } from "../../../src/io/settings/settings.ts";
import { parseSettings } from "../../../src/io/settings/settings-file.ts";
import { renderProblems } from "../../../src/io/settings/problem.ts";

const ENVIRONMENT = { HOME: "/home/me", TOKEN: "s3cr3t", EMPTY: "" };

function settingsOf(text: string): Settings {
  const reading = parseSettings("/etc/proxy/servers.json", text, ENVIRONMENT);
  if (reading.kind === "problems") throw new Error(renderProblems(reading.problems));
  return reading.settings;
}

describe("the HTTP door", () => {
  const inside = (section: string): string => `{"mcpServers": {"a": {"command": "x"}}, "mcprules": {${section}}}`;

  test("takes its tokens from the environment", () => {
    const text = inside('"auth": {"bearer": [{"env": "DOOR_TOKEN", "user": "ci", "groups": ["bots"]}]}');
    const reading = parseSettings("servers.json", text, { ...ENVIRONMENT, DOOR_TOKEN: "0123456789abcdef" });
    expect(reading).toMatchObject({
      settings: { auth: { bearer: [{ token: "0123456789abcdef", user: "ci", groups: ["bots"] }], jwt: undefined } },
    });
  });

  test("fills in which claims name the user and the groups", () => {
    const text = inside(
      '"auth": {"jwt": {"issuer": "https://id.example", "audience": "a", "jwks": "https://id.example/k"}}',
    );
    expect(settingsOf(text).auth?.jwt).toMatchObject({ user: "sub", groups: "groups" });
  });

  test.each([
    ['"auth": {}', "`auth` lets nobody in"],
    ['"auth": {"bearer": [{"env": "NOBODY"}]}', "`NOBODY` is not set"],
    ['"auth": {"bearer": [{"env": "TOKEN"}]}', "the token in `TOKEN` is shorter than 16 characters"],
    ['"auth": {"bearer": [{"env": "SPACED"}]}', "holds what cannot stand in a header"],
    [
      '"auth": {"jwt": {"issuer": "i", "audience": "a", "jwks": "http://id.example/k"}}',
      "`jwks` must be the `https` address",
    ],
    ['"listen": {"path": "mcp"}', "`path` must be a path such as `/mcp`"],
    ['"listen": {"port": 70000}', "at most 65535"],
    ['"listen": {"host": "127.0.0.1:7331"}', "1:73 at mcprules.listen.host"],
    ['"listen": {"host": "127.0.0.1:7331"}', "the port stands in `port`"],
    ['"listen": {"host": "http://localhost"}', "`host` must be a host alone"],
    ['"listen": {"host": ""}', "`host` is empty"],
    ['"listen": {"host": "0.0.0.0"}', "others can reach this `host`, and nobody is asked who he is"],
    ['"listen": {"host": "0.0.0.0"}', '`"anyone": true` beside it'],
    ['"metrics": {"host": "0.0.0.0"}', "mcprules.metrics.host"],
    ['"metrics": {"host": "localhost:9464"}', "`host` must be a host alone"],
    ['"listen": {"port": 9464}, "metrics": {}', "mcprules.metrics.port"],
    ['"listen": {"host": "localhost"}, "metrics": {"port": 7331}', "`port` is where `listen` serves clients"],
    ['"listen": {"allowedHosts": ["https://mcp.example"]}', "`allowedHosts[0]` must be a name such as `mcp.example`"],
    ['"listen": {"allowedHosts": ["mcp.example/"]}', "`allowedHosts[0]` must be a name"],
    ['"listen": {"allowedOrigins": ["app.example"]}', "must be an origin such as `https://app.example`"],
  ])("%s: %s", (section, message) => {
    const environment = { ...ENVIRONMENT, SPACED: "a token with some spaces in it" };
    const reading = parseSettings("servers.json", inside(section), environment);
    const problems = reading.kind === "problems" ? renderProblems(reading.problems) : "none";
    expect(problems).toContain(message);
    expect(problems).not.toMatch(/s3cr3t|a token with/);
  });

  test.each([
    ['"listen": {"host": "::1", "allowedHosts": ["mcp.example", "mcp.example:8080", "10.0.0.1", "[::1]:80", "::1"]}'],
    ['"listen": {"host": "0.0.0.0", "anyone": true}'],
    ['"listen": {"host": "0.0.0.0"}, "auth": {"bearer": [{"env": "DOOR_TOKEN"}]}'],
    // Whoever serves over stdio alone has no door that metrics could stand in the way of.
    ['"metrics": {"port": 7331}'],
    ['"listen": {"host": "10.0.0.1", "anyone": true}, "metrics": {"port": 7331}'],
    ['"listen": {"port": 0}, "metrics": {"port": 0}'],
  ])("a place to listen that can be: %s", (section) => {
    const reading = parseSettings("servers.json", inside(section), { DOOR_TOKEN: "0123456789abcdef" });
    expect(reading.kind === "problems" ? renderProblems(reading.problems) : "none").toBe("none");
  });
});

describe("the era of a server", () => {
  test.each([
    ["legacy", { era: "legacy" }],
    ["modern", { era: "modern" }],
  ])("%s is taken as it is said", (era, expected) => {
    const text = `{"mcpServers": {"a": {"command": "x"}}, "mcprules": {"servers": {"a": {"era": "${era}"}}}}`;
    expect(settingsOf(text).servers[0]).toMatchObject(expected);
  });

  test("auto says nothing", () => {
    const text = `{"mcpServers": {"a": {"command": "x"}}, "mcprules": {"servers": {"a": {"era": "auto"}}}}`;
    expect(settingsOf(text).servers[0]).not.toHaveProperty("era");
  });
});

describe("the keys that seal", () => {
  const SECRET = "0123456789abcdef0123456789abcdef";
  const reading = (keys: string): ReturnType<typeof parseSettings> =>
    parseSettings("servers.json", `{"mcpServers": {"a": {"command": "x"}}, "mcprules": {"keys": ${keys}}}`, {
      ...ENVIRONMENT,
      NEW: SECRET,
      OLD: `${SECRET}0`,
    });

  test("come from the environment, in their order", () => {
    const keys = '[{"id": "n", "secret": {"env": "NEW"}}, {"id": "o", "secret": {"env": "OLD"}}]';
    expect(reading(keys)).toMatchObject({
      settings: {
        keys: [
          { id: "n", secret: SECRET },
          { id: "o", secret: `${SECRET}0` },
        ],
      },
    });
  });

  test.each([
    ['[{"id": "n", "secret": {"env": "TOKEN"}}]', "the secret in `TOKEN` is shorter than 32 bytes"],
    ['[{"id": "n", "secret": {"env": "NOBODY"}}]', "`NOBODY` is not set"],
    ['[{"id": "n", "secret": {"env": "NEW"}}, {"id": "n", "secret": {"env": "OLD"}}]', "two keys are called `n`"],
    ['[{"id": "a.b", "secret": {"env": "NEW"}}]', "up to 32 letters"],
  ])("%s: %s", (keys, message) => {
    const outcome = reading(keys);
    const problems = outcome.kind === "problems" ? renderProblems(outcome.problems) : "none";
    expect(problems).toContain(message);
    expect(problems).not.toMatch(/s3cr3t|0123456789/);
  });
});
