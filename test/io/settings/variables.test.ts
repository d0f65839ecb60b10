// Where the settings name a variable, whatever somebody wrote there instead is not printed; and variables of hosts.
import { expect, test } from "vitest";
import { renderProblems } from "../../../src/io/settings/problem.ts";
import { parseSettings } from "../../../src/io/settings/settings-file.ts";

const SECRET = "hunter2-is-a-secret";
const ENVIRONMENT = { HOME: "/home/me", MYTOK: SECRET, WORD: "hunter2_is_a_secret" };

function problemsIn(mcprules: object, server: object = { command: "x" }): string {
  const text = JSON.stringify({ mcpServers: { a: server }, mcprules });
  const reading = parseSettings("servers.json", text, ENVIRONMENT);
  return reading.kind === "problems" ? renderProblems(reading.problems) : "none";
}

const PLACES: readonly (readonly [string, (env: string) => object])[] = [
  ["auth.bearer[0].env", (env) => ({ auth: { bearer: [{ env }] } })],
  ["keys[0].secret.env", (env) => ({ keys: [{ id: "k", secret: { env } }] })],
  ["modules.m.auth.bearer.env", (env) => ({ modules: { m: { url: "https://x.example", auth: { bearer: { env } } } } })],
  [
    "modules.m.auth.hmac.secret.env",
    (env) => ({ modules: { m: { url: "https://x.example", auth: { hmac: { keyId: "k", secret: { env } } } } } }),
  ],
  ["translators.t.key.env", (env) => ({ translators: { t: { kind: "deepl", key: { env } } } })],
  [
    "servers.a.oauth.client.secret.env",
    (env) => ({ servers: { a: { oauth: { issuer: "https://x.example", client: { id: "c", secret: { env } } } } } }),
  ],
];

const REMOTE = { url: "https://x.example/mcp" };

test.each(PLACES)("an expansion is refused once, and not filled in: %s", (place, mcprules) => {
  for (const written of ["${MYTOK}", "$MYTOK", "${WORD}", "${NOT_SET}"]) {
    const said = problemsIn(mcprules(written), REMOTE);
    const meant = written.replaceAll(/[${}]/g, "");
    expect(said).toMatch(/^error: `env` takes the name of a variable\n {2}--> servers\.json:1:\d+ at mcprules\./);
    expect(said).toContain(`at mcprules.${place}\n   = help: write \`"env": "${meant}"\``);
    expect(said.match(/^error/gm)).toHaveLength(1);
    expect(said).not.toMatch(/hunter2/);
  }
});

test.each(PLACES)("a secret that stands there itself is not printed: %s", (_place, mcprules) => {
  for (const written of [SECRET, "ghp_016C7f0aBcDeFgHiJkLmNoPqRsTuVwXyZ012", "Bearer x"]) {
    const said = problemsIn(mcprules(written), REMOTE);
    expect(said.match(/^error/gm)).toHaveLength(1);
    expect(said).toContain("variable");
    expect(said).not.toContain(written);
  }
});

test("no name at all is said as such", () => {
  expect(problemsIn({ auth: { bearer: [{ env: "" }] } })).toContain("error: `env` takes the name of a variable\n");
});

test.each(PLACES)("the name of a variable that is not set is: %s", (_place, mcprules) => {
  expect(problemsIn(mcprules("MY_TOKEN"), REMOTE)).toContain("the environment variable `MY_TOKEN` is not set");
});

test("the path of a file with a secret is not printed", () => {
  const said = problemsIn({ translators: { t: { kind: "deepl", key: { file: "${MYTOK}" } } } });
  expect(said).toContain("error: the file named here cannot be read");
  expect(said).toContain("there is no such file");
  expect(said).not.toMatch(/hunter2/);
});

test("where `env` is something else, variables are filled in", () => {
  const configured = { m: { command: "x", env: { env: "${MYTOK}" }, config: { env: "${MYTOK}" } } };
  expect(problemsIn({ modules: configured }, { command: "x", env: { env: "${MYTOK}" } })).toBe("none");
});

test("a variable that is called like one of a host may have a default", () => {
  expect(problemsIn({}, { command: "x", args: ["${workspaceFolder:-/w}", "${input:-x}"] })).toBe("none");
});

test("what cannot be filled in is one mistake, not two", () => {
  expect(problemsIn({}, { command: "${NOT_SET}" }).match(/^error.*/gm)).toEqual([
    "error: the environment variable `NOT_SET` is not set",
  ]);
});

test.each([
  ["${workspaceFolder}/x", "${workspaceFolder}", "write the path"],
  ["${workspaceFolder:api}", "${workspaceFolder:api}", "write the path"],
  ["${fileDirname}", "${fileDirname}", "write the path"],
  ["${userHome}", "${userHome}", "write `${HOME}`"],
  ["${input:api-key}", "${input:api-key}", "put its value into an environment variable"],
])("a variable of a host is said to be one: %s", (written, variable, help) => {
  const said = problemsIn({}, { command: "x", args: [written] });
  expect(said).toContain(`error: \`${variable}\` is a variable of your host, which the proxy does not know\n`);
  expect(said).toContain(`= help: ${help}`);
  expect(said.match(/^error/gm)).toHaveLength(1);
});
