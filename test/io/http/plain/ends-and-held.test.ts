// Plain connections whose client, session or door ends at a bad time, and what was asked behind an answer that is not there yet.
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { until } from "../../../until.ts";
import { call, HELLO, modern, openTestDoor, type Arrival } from "../door.ts";
import { head, speak } from "../raw-socket.ts";
import { answer, openPlainScene, post } from "./scene.ts";

/** As plain as can be, and the same with a name of a header that is left to Node. */
describe.each([
  ["plain", []],
  ["Node's", ["X_Y: 1"]],
])("on a connection that is %s", (_by, lines) => {
  const asked = (body: object, more: readonly string[] = []): string => {
    const text = JSON.stringify(body);
    return head([...lines, ...more, `Content-Length: ${text.length}`]) + text;
  };

  test("a request whose session ends before its answer is answered, and before the next", async () => {
    const opened = await openTestDoor({ answers: "greetings" });
    const id = await opened.session();
    const { socket, heard } = speak(opened, asked(call(1), [`Mcp-Session-Id: ${id}`]));
    await until(() => opened.clients[0]?.streamOf("tools/call") !== -1);
    expect((await opened.ask({ method: "DELETE", headers: { "mcp-session-id": id } })).status).toBe(204);
    await until(() => heard() !== "");
    expect(heard()).toMatch(/^HTTP\/1\.1 404 /);
    expect(heard()).toContain("this session is over");
    socket.write(asked({ ...HELLO, id: "next" }));
    await until(() => heard().includes('"next"'));
    expect(heard().match(/HTTP\/1\.1 \d{3} /g)).toHaveLength(2);
  });

  const { body, headers = {} } = modern("tools/list");
  const NEXT: readonly (readonly [string, string])[] = [
    ["begins a session", asked(HELLO)],
    [
      "stands for itself",
      asked(
        body as object,
        Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`])),
      ),
    ],
  ];

  describe.each([
    ["has no answer yet", 0],
    ["has an answer that its client does not read", 20_000_000],
  ])("behind a request that %s", (_name, length) => {
    test.each(NEXT)("another that %s is not left over when the door has closed", async (_next, next) => {
      const opened = await openTestDoor({ answers: "greetings" });
      const id = await opened.session();
      const { socket } = speak(opened, asked(call(1), [`Mcp-Session-Id: ${id}`]));
      socket.pause();
      await until(() => opened.clients[0]?.streamOf("tools/call") !== -1);
      socket.write(next);
      await delay(30);
      const [client] = opened.clients;
      const result = { text: "x".repeat(length) };
      if (length > 0) client?.tell({ jsonrpc: "2.0", id: 1, result }, client.streamOf("tools/call"), true);
      await delay(30);
      await opened.door.close();
      await delay(100);
      const isOver = (one: Arrival): boolean => one.isGone();
      expect(opened.clients.map(isOver)).toEqual(opened.clients.map(() => true));
    });
  });

  test("who leaves while its token is looked at begins no session", async () => {
    const keys = await keyServer();
    const jwt = { issuer: keys.issuer, audience: "mcp", jwks: keys.url, user: "sub", groups: "groups", scopes: [] };
    const opened = await openTestDoor({ auth: { bearer: [], jwt } });
    const { socket } = speak(opened, asked(HELLO, [`Authorization: Bearer ${keys.token}`]));
    await keys.asked;
    socket.destroy();
    await delay(50);
    keys.answer();
    const headers = { authorization: `Bearer ${keys.token}` };
    expect((await opened.ask({ body: HELLO, headers })).status).toBe(200);
    expect(opened.clients).toHaveLength(1);
    keys.close();
  });
});

test("what is asked behind an answer that nobody takes is not done once the connection is cut", async () => {
  const scene = await openPlainScene(false);
  const { socket } = scene.speak(post("1"));
  socket.pause();
  const { response } = await scene.nth(1);
  socket.write(post("2"));
  await delay(30);
  const told: boolean[] = [];
  response.once("close", () => told.push(response.writableFinished));
  answer(response, "x".repeat(20_000_000));
  await delay(30);
  response.destroy();
  await until(() => told.length === 1);
  await delay(30);
  expect([scene.served.length, told]).toEqual([1, [false]]);
});

test("what was held is not overtaken by what came while the socket was paused", async () => {
  const opened = await openTestDoor({ answers: "greetings" });
  const asked = (body: string, path: string, lines: readonly string[] = []): string =>
    head([...lines, `Content-Length: ${body.length}`]).replace("/mcp", path) + body;
  const id = await opened.session();
  const { socket, heard } = speak(opened, asked(JSON.stringify(call(1)), "/mcp", [`Mcp-Session-Id: ${id}`]));
  socket.setNoDelay(true);
  const [client] = opened.clients;
  await until(() => client?.streamOf("tools/call") !== -1);
  // More than is held, and one byte less than the body: the rest comes in two pieces, to a socket that is paused.
  const long = asked("x".repeat(65_536), "/none");
  const hidden = asked(JSON.stringify(HELLO), "/mcp");
  const hiding = asked(hidden, "/none");
  for (const piece of [long.slice(0, -1), `x${hiding.slice(0, -hidden.length)}`, hidden]) {
    socket.write(piece);
    await delay(50);
  }
  client?.tell({ jsonrpc: "2.0", id: 1, result: {} }, client.streamOf("tools/call"), true);
  await until(() => heard().match(/HTTP\/1\.1 \d{3} /g)?.length === 3);
  expect(heard().match(/HTTP\/1\.1 \d{3}/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 404", "HTTP/1.1 404"]);
  expect(opened.clients).toHaveLength(1);
});

/** Has one key, and says it when it is told to. */
async function keyServer() {
  const issuer = "https://id.example";
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const key = { ...(await exportJWK(publicKey)), kid: "k1", alg: "ES256" };
  const waiting: ServerResponse[] = [];
  const server = createServer((_request, response) => void waiting.push(response));
  const asked = once(server, "request");
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const token = await new SignJWT({ sub: "ada", iss: issuer, aud: "mcp" })
    .setProtectedHeader({ alg: "ES256", kid: "k1" })
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(privateKey);
  return {
    issuer,
    token,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    asked,
    answer: () => {
      for (const response of waiting) response.end(JSON.stringify({ keys: [key] }));
    },
    close: () => server.close().closeAllConnections(),
  };
}
