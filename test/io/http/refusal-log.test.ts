// Who is turned away at the door shows in the log, whichever way the request is read, and cannot flood it.
import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { RefusalLog } from "../../../src/io/http/refusal-log.ts";
import { type Asking, HELLO, openTestDoor } from "./door.ts";
import { until } from "../../until.ts";

const auth = { bearer: [{ token: "the-right-token", user: undefined, groups: [] }], jwt: undefined };
const WRONG = { authorization: "Bearer the-wrong-token" };

describe("it is told of", () => {
  const plain = { body: HELLO };
  const ofNode = { method: "GET" };
  const cases: readonly (readonly [string, Asking, number, string])[] = [
    ["no token", {}, 401, "a bearer token is needed"],
    ["a wrong token", { headers: WRONG }, 401, "this token is not accepted"],
    [
      "another host",
      { headers: { host: "evil.example" } },
      403,
      "this `Host` is not served; see `listen.allowedHosts`",
    ],
    ["another path", { path: "/other?key=s3cr3t" }, 404, "nothing is served here; MCP is at /mcp"],
  ];

  test.each(
    cases.flatMap(([what, ...rest]) => [
      [`${what}, in a plain request`, plain, ...rest] as const,
      [`${what}, in one for Node`, ofNode, ...rest] as const,
    ]),
  )("%s", async (_, way, asking, status, reason) => {
    const { ask, reports } = await openTestDoor({ auth });
    expect((await ask({ ...way, ...asking })).status).toBe(status);
    expect(reports).toEqual([`warn refused a request from 127.0.0.1 (${status}): ${reason}`]);
    expect(reports.join()).not.toMatch(/wrong-token|s3cr3t/);
  });

  test("another origin", async () => {
    const { ask, reports } = await openTestDoor();
    await ask({ body: HELLO, headers: { origin: "https://evil.example" } });
    expect(reports).toEqual([expect.stringContaining("(403): this `Origin` may not ask")]);
  });

  test("TLS where none is spoken", async () => {
    const { door, reports } = await openTestDoor();
    const { hostname, port } = new URL(door.urls[0] ?? "");
    const socket = connect(Number(port), hostname);
    socket.on("error", () => undefined);
    socket.write(Buffer.from("16030100c8010000c40303", "hex"));
    socket.resume();
    await once(socket, "close");
    expect(reports).toEqual([
      "warn refused a request from 127.0.0.1 (400): it speaks TLS, and this port does not: the client's `url` has to begin with `http:`",
    ]);
  });
});

test("what is let in is not told of, nor what clients look for in vain", async () => {
  const { ask, session, reports } = await openTestDoor({ auth });
  await session({ authorization: "Bearer the-right-token" });
  expect((await ask({ path: "/.well-known/oauth-authorization-server" })).status).toBe(404);
  expect(reports).toEqual([]);
});

test("what was counted is told of when the door closes", async () => {
  const { ask, door, reports } = await openTestDoor({ auth });
  for (let count = 0; count < 5; count++) await ask({ body: HELLO });
  expect(reports).toHaveLength(1);
  await door.close();
  await until(() => reports.length > 1);
  expect(reports[1]).toBe("warn refused 4 more requests from 127.0.0.1 (401): a bearer token is needed");
});

describe("many times", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("it is counted, and told of every ten seconds while it goes on", () => {
    const told: string[] = [];
    const log = new RefusalLog((text) => told.push(text));
    const why = { status: 401, reason: "no" };
    for (let count = 0; count < 1000; count++) log.add("10.0.0.1", why);
    expect(told).toEqual(["refused a request from 10.0.0.1 (401): no"]);
    vi.advanceTimersByTime(10_000);
    expect(told[1]).toBe("refused 999 more requests from 10.0.0.1 (401): no");
    log.add("10.0.0.1", why);
    vi.advanceTimersByTime(10_000);
    expect(told[2]).toBe("refused one more request from 10.0.0.1 (401): no");
    vi.advanceTimersByTime(60_000);
    expect(told).toHaveLength(3);
    log.add("10.0.0.1", why);
    expect(told[3]).toBe("refused a request from 10.0.0.1 (401): no");
  });

  test("from ever other addresses it costs little, and is told of together", () => {
    const told: string[] = [];
    const log = new RefusalLog((text) => told.push(text));
    for (let count = 0; count < 1000; count++)
      log.add(`10.0.${count >> 8}.${count & 255}`, { status: 401, reason: "no" });
    expect(told).toHaveLength(20);
    vi.advanceTimersByTime(10_000);
    expect(told.slice(20)).toEqual(["refused 980 more requests from others"]);
    vi.advanceTimersByTime(10_000);
    expect(told).toHaveLength(21);
    expect(vi.getTimerCount()).toBe(0);
  });
});
