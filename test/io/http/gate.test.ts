// Who is let in: hosts, origins, tokens, and what those who are not let in are told.
import { describe, expect, test } from "vitest";
import type { AuthSettings } from "../../../src/io/http/door-settings.ts";
import { call, HELLO, openTestDoor } from "./door.ts";

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

describe("on a loopback address", () => {
  test.each([
    ["localhost", 200],
    ["localhost:7331", 200],
    ["LOCALHOST:1", 200],
    ["127.0.0.1:80", 200],
    ["[::1]:7331", 200],
    ["proxy.example", 200],
    ["evil.example", 403],
    ["evil.example:7331", 403],
    ["localhost.evil.example", 403],
    ["127.0.0.1.evil.example", 403],
    ["10.0.0.1", 403],
    ["localhost@evil.example", 403],
    ["", 403],
  ])("Host: %s gets %i", async (host, status) => {
    const { ask, clients } = await openTestDoor({ listen: { allowedHosts: ["Proxy.example"] } });
    expect((await ask({ body: HELLO, headers: { host } })).status).toBe(status);
    expect(clients).toHaveLength(status === 200 ? 1 : 0);
  });

  test.each([
    ["http://localhost:3000", 200],
    ["http://127.0.0.1", 200],
    ["http://[::1]:8080", 200],
    ["https://app.example", 200],
    ["http://app.example", 403],
    ["https://app.example.evil.example", 403],
    ["https://evil.example", 403],
    ["http://localhost.evil.example", 403],
    ["null", 403],
    ["", 403],
  ])("Origin: %s gets %i", async (origin, status) => {
    const { ask } = await openTestDoor({ listen: { allowedOrigins: ["https://App.example"] } });
    const answer = await ask({ body: HELLO, headers: { origin } });
    expect(answer.status).toBe(status);
    expect(answer.headers["access-control-allow-origin"]).toBe(status === 200 ? origin : undefined);
  });

  test("a browser that asks first is told what it may send", async () => {
    const { ask } = await openTestDoor();
    const wanted = "content-type, mcp-session-id";
    const headers = { origin: "http://localhost:3000", "access-control-request-headers": wanted };
    const answer = await ask({ method: "OPTIONS", headers });
    expect(answer.status).toBe(204);
    expect(answer.headers["access-control-allow-headers"]).toBe(wanted);
    expect((await ask({ method: "OPTIONS", headers: { origin: "https://evil.example" } })).status).toBe(403);
  });
});

describe("on an address that others can reach", () => {
  test("nothing is served to everybody unless it is said so", async () => {
    await expect(openTestDoor({ listen: { host: "0.0.0.0" } })).rejects.toThrow("there is no `auth`");
    await openTestDoor({ listen: { host: "0.0.0.0", anyone: true } });
    await openTestDoor({ listen: { host: "0.0.0.0" }, auth: STATIC });
  });

  test.each([
    ["10.1.2.3:7331", 200],
    ["mcp.example", 200],
    ["localhost", 200],
    ["evil.example", 403],
  ])("Host: %s gets %i", async (host, status) => {
    const listen = { host: "0.0.0.0", anyone: true, allowedHosts: ["mcp.example"] };
    const { ask } = await openTestDoor({ listen });
    expect((await ask({ path: "/mcp", body: HELLO, headers: { host } })).status).toBe(status);
  });

  test("pages of the same machine are strangers", async () => {
    const { ask } = await openTestDoor({ listen: { host: "0.0.0.0", anyone: true } });
    expect((await ask({ body: HELLO, headers: { origin: "http://localhost:3000" } })).status).toBe(403);
  });
});

const STATIC: AuthSettings = {
  bearer: [
    { token: "the-token-of-the-ci-system", user: "ci", groups: ["bots"] },
    { token: "the-token-of-nobody-special", user: undefined, groups: [] },
  ],
  jwt: undefined,
};

describe("static tokens", () => {
  test.each([
    ["none", {}],
    ["another", bearer("the-token-of-the-ci-systen")],
    ["half of one", bearer("the-token-of-the-ci")],
    ["one and more", bearer("the-token-of-the-ci-system-")],
    ["another scheme", { authorization: "Basic dGhlLXRva2VuLW9mLXRoZS1jaS1zeXN0ZW0=" }],
    ["the bare token", { authorization: "the-token-of-the-ci-system" }],
    ["nothing after the scheme", { authorization: "Bearer" }],
  ])("%s: 401, and how to ask", async (_name, headers) => {
    const { ask, clients } = await openTestDoor({ auth: STATIC });
    const answer = await ask({ body: HELLO, headers });
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer /);
    expect(clients).toHaveLength(0);
  });

  test("make somebody of their bearer, or nobody in particular", async () => {
    const { ask, clients } = await openTestDoor({ auth: STATIC });
    await ask({ body: HELLO, headers: bearer("the-token-of-the-ci-system") });
    await ask({ body: HELLO, headers: bearer("the-token-of-nobody-special") });
    expect(clients.map(({ who }) => who.user)).toEqual([{ id: "ci", groups: ["bots"], claims: {} }, undefined]);
  });

  test("each session belongs to who opened it", async () => {
    const { ask, session, clients } = await openTestDoor({ auth: STATIC });
    const id = await session(bearer("the-token-of-the-ci-system"));
    const others = { ...bearer("the-token-of-nobody-special"), "mcp-session-id": id };
    expect((await ask({ body: call(1), headers: others })).status).toBe(404);
    expect((await ask({ headers: others })).status).toBe(404);
    expect((await ask({ method: "DELETE", headers: others })).status).toBe(404);
    expect((await ask({ body: call(1), headers: { "mcp-session-id": id } })).status).toBe(401);
    expect(clients[0]?.isGone()).toBe(false);
    const own = { ...bearer("the-token-of-the-ci-system"), "mcp-session-id": id };
    expect((await ask({ body: call(1), headers: own })).status).toBe(200);
  });
});

test("without `auth` there is no metadata", async () => {
  const { ask } = await openTestDoor();
  expect((await ask({ path: "/.well-known/oauth-protected-resource" })).status).toBe(404);
});
