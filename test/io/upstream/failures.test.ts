// Servers over HTTP that are not there, refuse, answer what is none, lead elsewhere, or do not read: nobody waits for ever, nobody is flooded.
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { call, connect, event, greeted, openRemote, openStream, sendJson } from "./remote.ts";
import { until } from "../../until.ts";
import { freePort } from "../../free-port.ts";

describe("a server that cannot be reached is told plainly", () => {
  test.each([
    ["nothing listens there", async () => `http://127.0.0.1:${await freePort()}/mcp`, "nothing listens at 127.0.0.1:"],
    [
      "there is no such host",
      () => "http://no-such-host.invalid/mcp?key=s3cr3t",
      "there is no host `no-such-host.invalid`",
    ],
    ["it speaks no TLS", async () => (await openRemote()).url.replace("http:", "https:"), "does not speak TLS"],
  ])("%s", async (_what, url, said) => {
    const { send, happened } = connect(await url());
    send({ id: 1, method: "initialize" });
    await until(() => happened.length > 0);
    expect(happened).toEqual([expect.stringContaining(said)]);
    expect(happened[0]).toMatch(/^ended: /);
    expect(happened[0]).not.toContain("s3cr3t");
  });

  test.each([
    [401, {}, "answered 401: it wants other credentials in `headers`"],
    [404, {}, "answered 404: is the `url` right?"],
    [503, { error: { code: 1, message: "too busy" }, id: null }, "answered 503 (too busy)"],
  ])("it refuses the handshake with %i", async (status, body, said) => {
    const { url } = await openRemote(({ response }) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ jsonrpc: "2.0", ...body }));
      return true;
    });
    const { send, happened } = connect(url);
    send({ id: 1, method: "initialize" });
    await until(() => happened.length > 0);
    expect(happened).toEqual([`ended: ${url} ${said}`]);
  });

  test("it wants a token, which may be one of OAuth", async () => {
    const { url } = await openRemote(({ response }) => {
      response.writeHead(401, { "www-authenticate": 'Bearer realm="x"' }).end();
      return true;
    });
    const { send, happened } = connect(url);
    send({ id: 1, method: "initialize" });
    await until(() => happened.length > 0);
    expect(happened).toEqual([
      `ended: ${url} answered 401: it wants other credentials in \`headers\`, or, if it wants OAuth, \`oauth\` in the settings and \`mcprules login r\``,
    ]);
  });
});

test.each([
  ["a page", 200, "text/html", "<p>hello", "answered with `text/html`, which is neither JSON nor an event stream"],
  ["that it will not answer", 202, "", "", "answered that it will not answer"],
  ["nothing", 200, "application/json", "", "answered with what is no answer of MCP: is the `url` right?"],
  [
    "an answer to somebody else",
    200,
    "application/json",
    '{"jsonrpc":"2.0","id":9,"result":{}}',
    "answered with what is no answer of MCP",
  ],
  [
    "an error without an id",
    500,
    "application/json",
    '{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"oops"}}',
    "answered 500 (oops)",
  ],
  ["no UTF-8 in a stream", 200, "text/event-stream", Buffer.from([0x64, 0xff, 0xfe]), "is too long, or no UTF-8"],
])("a request that gets %s is unanswered, and the next one is asked", async (_what, status, type, body, said) => {
  const { url } = await openRemote(({ message: { id }, response }) => {
    if (id !== 2) return false;
    response.writeHead(status, type === "" ? {} : { "content-type": type }).end(body);
    return true;
  });
  const { send, heard, happened } = await greeted(url);
  send(call(2));
  await until(() => happened.length > 0);
  send(call(3));
  await until(() => heard.some(([about]) => about === "3"));
  expect(happened).toEqual([expect.stringMatching(/^2 unanswered: /)]);
  expect(happened[0]).toContain(said);
});

test("an error that names the request is its answer, whatever the status", async () => {
  const error = { code: -32602, message: "no such tool" };
  const { url } = await openRemote(({ message: { id }, response }) => {
    if (id !== 2) return false;
    response.writeHead(400, { "content-type": "application/json" });
    response.end(JSON.stringify({ jsonrpc: "2.0", id, error }));
    return true;
  });
  const { send, heard, happened } = await greeted(url);
  send(call(2));
  await until(() => heard.length === 1);
  expect(heard).toEqual([["2", { jsonrpc: "2.0", id: 2, error }]]);
  expect(happened).toEqual([]);
});

test("a server that is gone leaves requests unanswered, and is spoken to again when it is back", async () => {
  const { url, port, seen, close } = await openRemote();
  const { send, heard, happened } = await greeted(url);
  await close();
  send(call(2));
  await until(() => happened.length > 0);
  expect(happened).toEqual([expect.stringMatching(/^2 unanswered: (nothing listens at|127\.0\.0\.1:\d+ cut)/)]);
  const old = seen.at(-1)?.headers["mcp-session-id"];
  await openRemote(({ headers, response }) => {
    if (headers["mcp-session-id"] !== old) return false;
    response.writeHead(404).end();
    return true;
  }, port);
  send(call(3));
  await until(() => heard.length === 1);
  expect(heard[0]?.[0]).toBe("3");
});

describe("redirects", () => {
  test("within the origin are followed with body and headers, and remembered", async () => {
    const { url, seen } = await openRemote(({ path, response }) => {
      if (path !== "/mcp") return false;
      response.writeHead(307, { location: "/mcp/" }).end();
      return true;
    });
    const { send, heard } = await greeted(url, { headers: { authorization: "Bearer s3cr3t" } });
    send(call(2));
    await until(() => heard.length === 1);
    expect(seen.filter(({ path }) => path === "/mcp")).toHaveLength(1);
    expect(new Set(seen.map(({ headers }) => headers.authorization))).toEqual(new Set(["Bearer s3cr3t"]));
  });

  test("to elsewhere are not followed, and nothing goes there", async () => {
    const elsewhere = await openRemote();
    const { url } = await openRemote(({ response }) => {
      response.writeHead(307, { location: `${elsewhere.url}?key=s3cr3t` }).end();
      return true;
    });
    const { send, happened } = connect(url);
    send({ id: 1, method: "initialize" });
    await until(() => happened.length > 0);
    expect(happened[0]).toContain(`sends us on to ${elsewhere.url}, which is not followed`);
    expect(happened[0]).not.toContain("s3cr3t");
    expect(elsewhere.seen).toEqual([]);
  });

  test("in a circle end", async () => {
    const { url, seen } = await openRemote(({ response }) => {
      response.writeHead(307, { location: "/mcp" }).end();
      return true;
    });
    const { send, happened } = connect(url);
    send({ id: 1, method: "initialize" });
    await until(() => happened.length > 0);
    expect(seen.length).toBeLessThan(10);
  });
});

describe("nobody is flooded", () => {
  test("by a server, while nothing is taken of it; then all arrives", async () => {
    const line = event({ method: "notifications/message", params: { x: "x".repeat(10_000) } });
    let written = 0;
    const { url } = await openRemote(({ message: { id }, response }) => {
      if (id !== 2) return false;
      openStream(response);
      const pour = (): void => {
        while (written < 4000) {
          written += 1;
          if (!response.write(line)) {
            response.once("drain", pour);
            return;
          }
        }
        response.end(event({ id: 2, result: {} }));
      };
      pour();
      return true;
    });
    const { end, send, heard } = await greeted(url);
    end.channel?.setPaused(true);
    send(call(2));
    await delay(300);
    const early = written;
    await delay(200);
    expect(written).toBe(early);
    expect(written).toBeLessThan(3000);
    expect(heard.length).toBeLessThan(50);
    end.channel?.setPaused(false);
    await until(() => heard.length === 4001);
  });

  test("by us, while a server does not read; and a long message arrives whole", async () => {
    const { url, seen } = await openRemote(({ path, request, response }) => {
      if (path === "/unread")
        setTimeout(() => request.resume().on("end", () => sendJson(response, { id: 2, result: {} })), 400);
      return path === "/unread";
    });
    const { end, send, happened } = connect(url.replace("/mcp", "/unread"));
    send({ id: 2, method: "initialize", params: { name: "x".repeat(30_000_000) } });
    await until(() => seen.length === 1);
    expect(end.channel?.isFull()).toBe(true);
    await until(() => end.channel?.isFull() === false);
    expect(happened[0]).toBe("drained");
  });
});
