// Whom requests of the modern era are taken for behind the door: who says the same of himself, and is the same user.
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { call, HELLO, modern, openTestDoor } from "./door.ts";
import { until } from "../../until.ts";

const PROGRESS = { jsonrpc: "2.0", method: "notifications/progress", params: { progressToken: 1, progress: 1 } };
const KEY = "io.modelcontextprotocol/";

test("requests of clients that say the same of themselves come from one, others from others", async () => {
  const { ask, clients } = await openTestDoor();
  for (const extra of [
    { client: "a" },
    { client: "a" },
    { client: "b" },
    { client: "a", capabilities: { roots: {}, sampling: {} } },
    { client: "a", capabilities: { sampling: {}, roots: {} } },
    { client: "a", meta: { [`${KEY}logLevel`]: "info", more: 1 } },
  ]) {
    await ask(modern("tools/list", {}, extra));
  }
  expect(clients.map(({ said }) => said.length)).toEqual([3, 1, 2]);
});

test("two may use the same id at once: each gets its own answer", async () => {
  const { ask, clients } = await openTestDoor({ answers: "nothing" });
  const first = ask(modern("tools/call", { name: "a" }));
  await until(() => clients[0]?.said.length === 1);
  const second = ask(modern("tools/call", { name: "b" }));
  await until(() => clients[0]?.said.length === 2);
  clients[0]?.tell({ jsonrpc: "2.0", id: 1, result: { to: "b" } }, 2, true);
  clients[0]?.tell({ jsonrpc: "2.0", id: 1, result: { to: "a" } }, 1, true);
  expect([(await first).json().result, (await second).json().result]).toEqual([{ to: "a" }, { to: "b" }]);
});

test("each user is another, and so is one whose token says something else", async () => {
  const auth = {
    bearer: [
      { token: "one", user: "ada", groups: [] },
      { token: "two", user: "bob", groups: [] },
      { token: "three", user: "ada", groups: ["admins"] },
      { token: "four", user: "ada", groups: [] },
    ],
    jwt: undefined,
  };
  const { ask, clients } = await openTestDoor({ auth });
  for (const token of ["one", "two", "three", "four"]) {
    await ask(modern("tools/list", {}, { headers: { authorization: `Bearer ${token}` } }));
  }
  expect(clients.map(({ who, said }) => [who.user?.id, who.user?.groups, said.length])).toEqual([
    ["ada", [], 2],
    ["bob", [], 1],
    ["ada", ["admins"], 1],
  ]);
  expect((await ask(modern("tools/list"))).status).toBe(401);
});

test("they are gone when nobody asks or listens for long; who listens is there", async () => {
  const { ask, sending, stream, clients } = await openTestDoor({ answers: "nothing", limits: { sessionIdleMs: 100 } });
  const streaming = stream(modern("subscriptions/listen", {}, { client: "a" }));
  await until(() => clients[0]?.said.length === 1);
  clients[0]?.tell(PROGRESS, 1);
  const listening = await streaming;
  const asking = ask(modern("tools/list", {}, { client: "b" }));
  await until(() => clients[1]?.said.length === 1);
  clients[1]?.tell({ jsonrpc: "2.0", id: 1, result: {} }, 1, true);
  await asking;
  await until(() => clients[1]?.isGone() === true);
  await delay(200);
  expect(clients.map((client) => client.isGone())).toEqual([false, true]);
  listening.request.destroy();
  expect(await until(() => clients[0]?.isGone() === true)).toBe(true);
  sending(modern("tools/list", {}, { client: "a" }));
  expect(await until(() => clients.length === 3)).toBe(true);
});

test("where there are as many as there may be, one of the same user that is not in use makes room", async () => {
  const auth = {
    bearer: ["ada", "bob"].map((user) => ({ token: user, user, groups: [] })),
    jwt: undefined,
  };
  const { ask, clients } = await openTestDoor({ auth, limits: { sessions: 2 } });
  const status = async (user: string, client: string): Promise<number> => {
    await delay(2);
    return (await ask(modern("tools/list", {}, { client, headers: { authorization: `Bearer ${user}` } }))).status;
  };
  expect([await status("ada", "a"), await status("ada", "b"), await status("ada", "c")]).toEqual([200, 200, 200]);
  expect(clients.map((client) => client.isGone())).toEqual([true, false, false]);
  expect(await status("bob", "a")).toBe(503);
});

test("both eras are served side by side at one path", async () => {
  const { ask, session, clients } = await openTestDoor();
  const id = await session();
  await ask(modern("tools/list"));
  const answer = await ask({
    body: call(2),
    headers: { "mcp-session-id": id, "mcp-protocol-version": "2025-11-25" },
  });
  expect(answer.status).toBe(200);
  expect(clients.map(({ said }) => said.map(({ message }) => message.method))).toEqual([
    ["initialize", "notifications/initialized", "tools/call"],
    ["tools/list"],
  ]);
  expect((await ask({ body: HELLO })).headers["mcp-session-id"]).toBeDefined();
});

test("a session of the legacy era takes nothing that says it is of the modern one", async () => {
  const { ask, session, clients } = await openTestDoor();
  const headers = { "mcp-session-id": await session(), "mcp-protocol-version": "2025-11-25" };
  const answer = await ask(modern("tools/list", {}, { headers }));
  expect([answer.status, answer.json().error?.code]).toEqual([400, -32_020]);
  expect(clients).toHaveLength(1);
});
