// The section `oauth` of a server in the settings: what comes of it, and what is refused, with its place and its cure.
import { describe, expect, test } from "vitest";
import { parseSettings } from "../../../src/io/settings/settings-file.ts";
import { renderProblems } from "../../../src/io/settings/problem.ts";

const ENVIRONMENT = { SECRET: "s3cr3t" };

function parse(oauth: string, entry = '"url": "https://mcp.example/mcp"') {
  const text = `{"mcpServers": {"a": {${entry}}}, "mcprules": {"servers": {"a": {"oauth": ${oauth}}}}}`;
  return parseSettings("servers.json", text, ENVIRONMENT);
}

test("needs nothing but to be there", () => {
  expect(parse("{}")).toMatchObject({
    settings: {
      servers: [
        {
          url: "https://mcp.example/mcp",
          oauth: { grant: "authorization_code", issuer: undefined, client: undefined, scopes: [], port: 0 },
        },
      ],
    },
  });
});

test("takes the secret of a client from the environment", () => {
  const oauth = `{"grant": "client_credentials", "issuer": "https://id.example", "scopes": ["mcp"],
    "client": {"id": "proxy", "secret": {"env": "SECRET"}}}`;
  const expected = { client: { id: "proxy", secret: "s3cr3t" }, scopes: ["mcp"] };
  expect(parse(oauth)).toMatchObject({ settings: { servers: [{ oauth: expected }] } });
});

describe("is refused", () => {
  const LOCAL = '"url": "http://127.0.0.1:8080/mcp"';
  const CLIENT = '"client": {"id": "p", "secret": {"env": "SECRET"}}';
  test.each([
    ["{}", '"command": "x"', "`oauth` is for a server with a `url`"],
    ["{}", '"url": "http://mcp.example/mcp"', "would send a token where others can read it"],
    ["{}", '"url": "https://x.example", "headers": {"AUTHORIZATION": "x"}', "writes the header `Authorization` itself"],
    ['{"grant": "client_credentials"}', LOCAL, "needs a `client` with a `secret`"],
    [`{"grant": "client_credentials", ${CLIENT}}`, LOCAL, "needs an `issuer`"],
    [`{${CLIENT}}`, LOCAL, "needs an `issuer`"],
    ['{"client": {"id": "p", "secret": {"env": "NOBODY"}}}', LOCAL, "`NOBODY` is not set"],
    ['{"client": {"id": "p", "secret": "s3cr3t"}}', LOCAL, "secret"],
    ['{"issuer": "http://id.example"}', LOCAL, "must be an `https` address"],
    ['{"issuer": "id.example"}', LOCAL, "must be an `https` address"],
    ['{"scopes": ["a b"]}', LOCAL, "must be one scope"],
    ['{"port": 70000}', LOCAL, "at most 65535"],
    ['{"grant": "password"}', LOCAL, "`authorization_code`, `client_credentials`"],
    ['{"secret": 1}', LOCAL, "known here"],
  ])("%s of a server with %s", (oauth, entry, message) => {
    const reading = parse(oauth, entry);
    const said = reading.kind === "problems" ? renderProblems(reading.problems) : "none";
    expect(said).toContain(message);
    expect(said).toContain("oauth");
    expect(said).not.toContain("s3cr3t");
  });
});
