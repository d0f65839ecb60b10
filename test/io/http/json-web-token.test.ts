// JSON Web Tokens at the door: whose they are, how long and what for they are good, and where the metadata is.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuthSettings } from "../../../src/io/http/door-settings.ts";
import { call, HELLO, openTestDoor } from "./door.ts";

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

const issuer = "https://id.example";
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let others: Awaited<ReturnType<typeof generateKeyPair>>;
let keyServer: Server;
let jwks: string;
let isKeyServerWell = true;
let fetches = 0;

beforeAll(async () => {
  keys = await generateKeyPair("ES256");
  others = await generateKeyPair("ES256");
  const key = { ...(await exportJWK(keys.publicKey)), kid: "k1", alg: "ES256" };
  keyServer = createServer((_request, response) => {
    fetches += 1;
    response.writeHead(isKeyServerWell ? 200 : 500, { "content-type": "application/json" });
    response.end(JSON.stringify({ keys: [key] }));
  });
  await new Promise<void>((resolve) => {
    keyServer.listen(0, "127.0.0.1", resolve);
  });
  jwks = `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}/keys`;
});
afterAll(() => keyServer.close());

const claims = { sub: "ada", groups: ["admins", "dev"], iss: issuer, aud: "mcp", mail: "ada@id.example" };

function auth(changed: Partial<NonNullable<AuthSettings["jwt"]>> = {}): AuthSettings {
  return {
    bearer: [],
    jwt: { issuer, audience: "mcp", jwks, user: "sub", groups: "groups", scopes: [], ...changed },
  };
}

function token(
  changed: JWTPayload = {},
  { expires = "1h", key = keys.privateKey, alg = "ES256" } = {},
): Promise<string> {
  const payload = { ...claims, ...changed };
  return new SignJWT(payload).setProtectedHeader({ alg, kid: "k1" }).setIssuedAt().setExpirationTime(expires).sign(key);
}

test("make a user of their bearer, with groups and claims", async () => {
  const { ask, clients } = await openTestDoor({ auth: auth() });
  expect((await ask({ body: HELLO, headers: bearer(await token()) })).status).toBe(200);
  expect(clients[0]?.who.user).toMatchObject({
    id: "ada",
    groups: ["admins", "dev"],
    claims: { mail: "ada@id.example" },
  });
});

test("are believed for a while without the keys being asked for", async () => {
  const { ask, session } = await openTestDoor({ auth: auth() });
  const headers = bearer(await token());
  const id = await session(headers);
  const before = fetches;
  for (let count = 0; count < 5; count++) {
    expect((await ask({ body: call(count), headers: { ...headers, "mcp-session-id": id } })).status).toBe(200);
  }
  expect(fetches).toBe(before);
});

test("of one user that say something new of it are told behind the door; one issued again is nothing new", async () => {
  const { ask, session, clients } = await openTestDoor({ auth: auth() });
  const id = await session(bearer(await token()));
  const again = { "mcp-session-id": id, ...bearer(await token({ jti: "another" })) };
  expect((await ask({ body: call(1), headers: again })).status).toBe(200);
  expect(clients[0]?.users).toEqual([]);
  const demoted = { "mcp-session-id": id, ...bearer(await token({ groups: ["dev"] })) };
  expect((await ask({ body: call(2), headers: demoted })).status).toBe(200);
  expect(clients[0]?.users).toMatchObject([{ id: "ada", groups: ["dev"] }]);
  const other = { "mcp-session-id": id, ...bearer(await token({ sub: "eve" })) };
  expect((await ask({ body: call(3), headers: other })).status).toBe(404);
});

test.each([
  ["of another issuer", () => token({ iss: "https://evil.example" })],
  ["for another audience", () => token({ aud: "other" })],
  ["that has expired", () => token({}, { expires: "1s ago" }).then(() => token({}, { expires: "10s ago" }))],
  ["signed by somebody else", () => token({}, { key: others.privateKey })],
  ["of nobody", () => token({ sub: "" })],
  ["not signed", () => Promise.resolve(unsigned({ ...claims, exp: 9_999_999_999 }))],
  ["that are none", () => Promise.resolve("a.b.c")],
  ["that are less", () => Promise.resolve("abc")],
])("%s: 401", async (_name, make) => {
  const { ask, clients } = await openTestDoor({ auth: auth() });
  const answer = await ask({ body: HELLO, headers: bearer(await make()) });
  expect(answer.status).toBe(401);
  expect(answer.headers["www-authenticate"]).toContain('error="invalid_token"');
  expect(clients).toHaveLength(0);
});

test("that never expire are not good", async () => {
  const { ask } = await openTestDoor({ auth: auth() });
  const eternal = await new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid: "k1" }).sign(keys.privateKey);
  expect((await ask({ body: HELLO, headers: bearer(eternal) })).status).toBe(401);
});

test("without the claim of groups leave membership in doubt", async () => {
  const { ask, clients } = await openTestDoor({ auth: auth({ groups: "roles" }) });
  await ask({ body: HELLO, headers: bearer(await token()) });
  expect(clients[0]?.who.user).toMatchObject({ id: "ada", groups: undefined });
});

test("name user and groups where the settings say", async () => {
  const { ask, clients } = await openTestDoor({ auth: auth({ user: "mail", groups: "realm_access.roles" }) });
  await ask({ body: HELLO, headers: bearer(await token({ realm_access: { roles: ["a", "b"] } })) });
  expect(clients[0]?.who.user).toMatchObject({ id: "ada@id.example", groups: ["a", "b"] });
});

test.each([
  ["that lack a scope", { scope: "mcp:read" }, 403],
  ["that have none", {}, 403],
  ["with all of them", { scope: "other mcp:write mcp:read" }, 200],
  ["with all of them in another claim", { scp: ["mcp:read", "mcp:write"] }, 200],
  ["with one that only looks so", { scope: "mcp:read mcp:write2" }, 403],
])("%s where some are needed: %j is answered with %i", async (_, changed, status) => {
  const { ask } = await openTestDoor({ auth: auth({ scopes: ["mcp:read", "mcp:write"] }) });
  const answer = await ask({ body: HELLO, headers: bearer(await token(changed)) });
  const challenge = answer.headers["www-authenticate"] ?? "";
  const expected = /^Bearer error="insufficient_scope", scope="mcp:read mcp:write", resource_metadata="http[^"]+"$/;
  expect([answer.status, expected.test(challenge)]).toEqual([status, status === 403]);
});

test("the scopes that are needed are told before any token is shown", async () => {
  const { ask } = await openTestDoor({ auth: auth({ scopes: ["mcp"] }) });
  const challenge = (await ask({ body: HELLO })).headers["www-authenticate"] ?? "";
  expect(challenge).toMatch(/^Bearer scope="mcp", resource_metadata=/);
  const [, place = ""] = /resource_metadata="([^"]+)"/.exec(challenge) ?? [];
  expect((await ask({ path: new URL(place).pathname })).json()).toMatchObject({ scopes_supported: ["mcp"] });
});

test("cannot be checked without keys: 503, and it is reported", async () => {
  isKeyServerWell = false;
  const { ask, reports } = await openTestDoor({ auth: auth() });
  const answer = await ask({ body: HELLO, headers: bearer(await token()) });
  isKeyServerWell = true;
  expect(answer.status).toBe(503);
  expect(reports.join()).toContain("tokens cannot be checked");
});

test("the metadata says who issues them, and a 401 where the metadata is", async () => {
  const { ask } = await openTestDoor({ auth: auth() });
  const challenge = (await ask({ body: HELLO })).headers["www-authenticate"] ?? "";
  const [, place = ""] = /resource_metadata="([^"]+)"/.exec(challenge) ?? [];
  const answer = await ask({ path: new URL(place).pathname });
  expect(answer.json()).toEqual({
    resource: new URL("/mcp", place).href,
    authorization_servers: [issuer],
    bearer_methods_supported: ["header"],
  });
  expect((await ask({ path: "/.well-known/oauth-protected-resource" })).text).toBe(answer.text);
  expect((await ask({ path: "/.well-known/oauth-protected-resource/x" })).status).toBe(404);
});

test("an audience that is an address is the resource", async () => {
  const { ask } = await openTestDoor({ auth: auth({ audience: "https://mcp.example/mcp" }) });
  const { headers } = await ask({ body: HELLO });
  expect(headers["www-authenticate"]).toContain(
    'resource_metadata="https://mcp.example/.well-known/oauth-protected-resource/mcp"',
  );
  expect((await ask({ path: "/.well-known/oauth-protected-resource" })).json()).toMatchObject({
    resource: "https://mcp.example/mcp",
  });
});

function unsigned(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.`;
}
