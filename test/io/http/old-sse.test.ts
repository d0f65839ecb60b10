// HTTP+SSE of 2024-11-05: the endpoint first, then everything on one stream, which is the session.
import { describe, expect, test } from "vitest";
import type { AuthSettings } from "../../../src/io/http/door-settings.ts";
import { call, HELLO, openTestDoor } from "./door.ts";
import { until } from "../../until.ts";

const AUTH: AuthSettings = {
  bearer: [
    { token: "the-token-of-ada-lovelace", user: "ada", groups: [] },
    { token: "the-token-of-charles-b", user: "charles", groups: [] },
  ],
  jwt: undefined,
};
const ADA = { authorization: "Bearer the-token-of-ada-lovelace" };
const CHARLES = { authorization: "Bearer the-token-of-charles-b" };

/** The endpoint that comes first. */
async function endpointOf(stream: { until(part: string): Promise<string> }): Promise<string> {
  return /^event: endpoint\ndata: (\S+)\n\n/.exec(await stream.until("\n\n"))?.[1] ?? "";
}

describe("a client that knows nothing newer", () => {
  test("is told where to post, and gets every answer on its stream", async () => {
    const { stream, ask } = await openTestDoor();
    const listening = await stream({ path: "/sse" });
    const path = await endpointOf(listening);
    expect(path).toMatch(/^\/sse\?sessionId=[\da-f-]{36}$/);
    const answer = await ask({ path, body: HELLO, headers: { accept: undefined } });
    expect([answer.status, answer.text]).toEqual([202, ""]);
    await ask({ path, body: call(7) });
    expect(await listening.until('"id":7')).toContain('event: message\ndata: {"jsonrpc":"2.0","id":0');
  });

  test("is gone when its stream is", async () => {
    const { stream, ask, clients } = await openTestDoor();
    const listening = await stream({ path: "/sse" });
    const path = await endpointOf(listening);
    listening.request.destroy();
    expect(await until(() => clients[0]?.isGone() === true)).toBe(true);
    expect((await ask({ path, body: call(1) })).status).toBe(404);
  });

  test("counts as a session", async () => {
    const { stream, ask } = await openTestDoor({ limits: { sessions: 1 } });
    await stream({ path: "/sse" });
    expect((await ask({ path: "/sse" })).status).toBe(503);
    expect((await ask({ body: HELLO })).status).toBe(503);
  });

  test("is known by its token, and nobody else speaks for it", async () => {
    const { stream, ask, clients } = await openTestDoor({ auth: AUTH });
    expect((await ask({ path: "/sse" })).status).toBe(401);
    const path = await endpointOf(await stream({ path: "/sse", headers: ADA }));
    expect(clients[0]?.who.user?.id).toBe("ada");
    expect((await ask({ path, body: HELLO, headers: CHARLES })).status).toBe(404);
    expect((await ask({ path, body: HELLO })).status).toBe(401);
    expect((await ask({ path, body: HELLO, headers: ADA })).status).toBe(202);
  });

  test.each([
    ["an unknown session", 404, { body: call(1), path: "/sse?sessionId=x" }],
    ["no session", 404, { body: call(1), path: "/sse" }],
    ["another method", 405, { method: "DELETE", path: "/sse" }],
    ["who reads no events", 406, { path: "/sse", headers: { accept: "application/json" } }],
  ])("%s gets %i", async (_name, status, asking) => {
    const { ask } = await openTestDoor();
    expect((await ask(asking)).status).toBe(status);
  });

  test("that sends what is no message is told so", async () => {
    const { stream, ask } = await openTestDoor({ limits: { httpBodyBytes: 5000 } });
    const path = await endpointOf(await stream({ path: "/sse" }));
    expect((await ask({ path, body: "{" })).status).toBe(400);
    expect((await ask({ path, body: "x".repeat(6000) })).status).toBe(413);
    expect((await ask({ path, body: "a=b", headers: { "content-type": "text/plain" } })).status).toBe(415);
  });

  test("has a session that a newer client cannot take over", async () => {
    const { stream, ask } = await openTestDoor();
    const path = await endpointOf(await stream({ path: "/sse" }));
    const id = path.split("=")[1] ?? "";
    expect((await ask({ body: call(1), headers: { "mcp-session-id": id } })).status).toBe(404);
  });
});
