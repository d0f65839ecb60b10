// Connections to servers whose every byte a test chooses: when one is used again, and when not; and nothing of one request reaches another.
import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { until } from "../../../until.ts";
import { type Asked, OK, served, whole } from "./raw-server.ts";

describe("a connection is used again", () => {
  test("for one request after the other, with or without a pause between them", async () => {
    const { url, client, server } = await served(whole);
    for (const pause of [0, 0, 150, 150]) {
      await delay(pause);
      expect((await client.answered(url)).told).toEqual(["200", "end"]);
    }
    expect(server.sockets).toHaveLength(1);
  });

  test("never for two at a time, however many there are", async () => {
    let atOnce = 0;
    const { url, client, server } = await served((socket, request, before) => {
      if (socket.listenerCount("answered") > 0) atOnce += 1;
      const mark = (): void => undefined;
      socket.on("answered", mark);
      setTimeout(() => {
        socket.off("answered", mark);
        whole(socket, request, before);
      }, 20);
    });
    const first = await Promise.all(Array.from({ length: 200 }, () => client.answered(url)));
    expect(server.sockets).toHaveLength(200);
    const second = await Promise.all(Array.from({ length: 200 }, () => client.answered(url)));
    expect(server.sockets).toHaveLength(200);
    for (const { told } of [...first, ...second]) expect(told).toEqual(["200", "end"]);
    expect(atOnce).toBe(0);
  });

  test("by the request that is made when the response ends", async () => {
    const { url, client, server } = await served(whole);
    const after: Asked[] = [];
    client.ask(url, {}, { end: () => after.push(client.ask(url)) });
    await until(() => after[0]?.told.length === 2);
    expect([after.map(({ told }) => told), server.sockets.length]).toEqual([[["200", "end"]], 1]);
  });

  test("only by requests to the same origin, whatever it is called", async () => {
    const { url, client, server } = await served(whole);
    await client.answered(url);
    await client.answered(new URL(url.href.replace("127.0.0.1", "localhost")));
    expect(server.sockets).toHaveLength(2);
  });
});

describe("a connection is not used again", () => {
  test.each([
    ["the server says so", `${OK}connection: close\r\n\r\nok`],
    ["the server is an old one", "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok"],
    ["the server keeps it for too short a time", `${OK}keep-alive: timeout=1\r\n\r\nok`],
    ["more came than was asked for", `${OK}\r\nok${OK}\r\nno`],
  ])("where %s", async (_what, bytes) => {
    const { url, client, server } = await served((socket) => void socket.write(bytes));
    for (let count = 0; count < 2; count++) {
      const { told, body } = await client.answered(url);
      expect([told, body()]).toEqual([["200", "end"], "ok"]);
    }
    expect(server.sockets).toHaveLength(2);
  });

  test("for what is asked at once when more came than was asked for", async () => {
    const { url, client, server } = await served((socket, _request, before) => {
      socket.write(server.sockets.length > 1 ? `${OK}\r\nok` : `${OK}\r\nok${OK}\r\nno`);
      expect(before).toBe(0);
    });
    const after: Asked[] = [];
    client.ask(url, {}, { end: () => after.push(client.ask(url)) });
    await until(() => after[0]?.told.length === 2);
    expect([after[0]?.told, after[0]?.body()]).toEqual([["200", "end"], "ok"]);
    expect(server.sockets).toHaveLength(2);
  });

  test("where something comes that nobody asked for", async () => {
    const { url, client, server } = await served(whole);
    await client.answered(url);
    server.sockets[0]?.write(`${OK}\r\nno`);
    await until(() => server.sockets[0]?.destroyed === true);
    const { told, body } = await client.answered(url);
    expect([told, body(), server.sockets.length]).toEqual([["200", "end"], "ok", 2]);
  });

  test.each([0, 150])(
    "where the server ended it while there was nothing to do, %i ms before the next request",
    async (ms) => {
      const { url, client, server } = await served(whole);
      await client.answered(url);
      server.sockets[0]?.end();
      await until(() => server.sockets[0]?.destroyed === true);
      await delay(ms);
      expect((await client.answered(url)).told).toEqual(["200", "end"]);
      expect(server.sockets).toHaveLength(2);
    },
  );

  test("where the server ended it while we were busy with something else", async () => {
    const { url, client, server } = await served(whole);
    await client.answered(url);
    server.sockets[0]?.end();
    await nextTurn();
    const busy = performance.now() + 150;
    while (performance.now() < busy);
    expect((await client.answered(url)).told).toEqual(["200", "end"]);
    expect(server.sockets).toHaveLength(2);
  });

  test("after the time for which the server keeps it, less what may be on its way", async () => {
    const { url, client, server } = await served((socket) => void socket.write(`${OK}keep-alive: timeout=3\r\n\r\nok`));
    await client.answered(url);
    const begun = performance.now();
    await until(() => server.sockets[0]?.destroyed === true);
    const ms = performance.now() - begun;
    expect([ms > 900, ms < 2500]).toEqual([true, true]);
    expect((await client.answered(url)).told).toEqual(["200", "end"]);
    expect(server.sockets).toHaveLength(2);
  });
});

describe("a response", () => {
  test("that comes before the request is sent whole counts, and the connection is left", async () => {
    const { url, client, server } = await served((socket, request, before) => {
      if (before > 0 || server.sockets.length > 1) return whole(socket, request, before);
      socket.pause();
      socket.write("HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\nno");
    });
    const body = Buffer.alloc(30_000_000, "x");
    const { told, sent } = await client.answered(url, { body });
    expect(told).toEqual(["413", "end"]);
    expect(sent()).toBeLessThan(body.length);
    expect((await client.answered(url)).told).toEqual(["200", "end"]);
    expect(server.sockets).toHaveLength(2);
  });

  test.each([
    ["before it begins", "", ["failed: ECONNRESET"]],
    ["in its head", "HTTP/1.1 200 OK\r\nconte", ["failed: ECONNRESET"]],
    ["in its body", `${OK}\r\no`, ["200", "cut: ECONNRESET"]],
    ["between chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n", ["200", "cut: ECONNRESET"]],
  ])("that is cut %s has failed, and is not asked for again", async (_where, bytes, told) => {
    let count = 0;
    const { url, client } = await served((socket, request, before) => {
      count += 1;
      if (before === 0) whole(socket, request, before);
      else socket.end(bytes);
    });
    await client.answered(url);
    expect((await client.answered(url)).told).toEqual(told);
    expect(count).toBe(2);
  });

  test("that is cut while the request is being sent has failed, though the server reads no more", async () => {
    const { url, client } = await served((socket) => void socket.pause().end());
    const { told } = await client.answered(url, { body: Buffer.alloc(30_000_000, "x") });
    expect(told).toEqual(["failed: ECONNRESET"]);
  });

  test("that is no HTTP has failed", async () => {
    const { url, client } = await served((socket) => void socket.write("220 smtp.example ESMTP\r\n\r\n"));
    expect((await client.answered(url)).told).toEqual(["failed: HPE_INVALID"]);
  });

  test("that is given up in the middle is told no more, ends its connection, and disturbs no other", async () => {
    const { url, client, server } = await served((socket, request, before) => {
      if (request.startsWith("GET")) socket.write("HTTP/1.1 200 OK\r\n\r\ndata: 1\n\n");
      else whole(socket, request, before);
    });
    const stream = client.ask(url, { method: "GET", body: undefined });
    await until(() => stream.body() !== "");
    const other = client.ask(url);
    stream.running.abort();
    await until(() => other.told.length === 2);
    await until(() => server.sockets[0]?.destroyed === true);
    expect([stream.told, other.told, server.sockets[1]?.destroyed]).toEqual([["200"], ["200", "end"], false]);
    // Long over, it ends nothing that goes over the connection it had.
    const last = client.ask(url);
    other.running.abort();
    await until(() => last.told.length === 2);
    expect([last.told, server.sockets.length]).toEqual([["200", "end"], 2]);
  });

  test("that is given up while it is told is told no further", async () => {
    const two = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n";
    const { url, client } = await served((socket) => void socket.write(two));
    const asked: Asked = client.ask(url, {}, { chunk: () => asked.running.abort() });
    await until(() => asked.body() !== "");
    await delay(20);
    expect([asked.told, asked.body()]).toEqual([["200"], "a"]);
  });

  test("that is given up before it is asked for is never asked for", async () => {
    let count = 0;
    const { url, client } = await served((socket, request, before) => {
      count += 1;
      whole(socket, request, before);
    });
    await client.answered(url);
    await delay(150);
    client.ask(url).running.abort();
    client.ask(new URL(url.href.replace("127.0.0.1", "localhost"))).running.abort();
    await delay(50);
    expect(count).toBe(1);
  });

  test("that nobody takes any more when its last bytes are there leaves a connection that is read again", async () => {
    const { url, client, server } = await served(whole);
    const asked: Asked = client.ask(url, {}, { chunk: () => asked.running.setPaused(true) });
    await until(() => asked.told.includes("end"));
    expect((await client.answered(url)).told).toEqual(["200", "end"]);
    expect(server.sockets).toHaveLength(1);
  });

  test("that nobody takes before it is asked for is not read", async () => {
    const { url, client, server } = await served(whole);
    await client.answered(url);
    await delay(150);
    const asked = client.ask(url);
    asked.running.setPaused(true);
    await delay(50);
    expect([asked.told, server.sockets.length]).toEqual([[], 1]);
    asked.running.setPaused(false);
    await until(() => asked.told.includes("end"));
  });

  test("that nobody takes is not read, then all of it; and the next one is", async () => {
    const long = Buffer.alloc(20_000_000, "0123456789a");
    const { url, client, server } = await served((socket, request, before) => {
      if (before > 0) whole(socket, request, before);
      else
        socket.write(Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${long.length}\r\n\r\n`), long]));
    });
    const asked = client.ask(url);
    asked.running.setPaused(true);
    await delay(200);
    expect(asked.body().length).toBe(0);
    asked.running.setPaused(false);
    await until(() => asked.body().length > 0);
    asked.running.setPaused(true);
    await until(() => true);
    const early = asked.body().length;
    await delay(100);
    expect(asked.body().length).toBe(early);
    asked.running.setPaused(false);
    await until(() => asked.told.includes("end"));
    expect(asked.body() === long.toString()).toBe(true);
    expect((await client.answered(url)).told).toEqual(["200", "end"]);
    expect(server.sockets).toHaveLength(1);
  });
});

test("an answer may take longer than a connection is kept without work", async () => {
  const { url, client, server } = await served((socket, _request, before) => {
    const bytes = `${OK}keep-alive: timeout=3\r\n\r\nok`;
    setTimeout(() => void socket.write(bytes), before === 0 ? 0 : 1800);
  });
  await client.answered(url);
  expect((await client.answered(url)).told).toEqual(["200", "end"]);
  expect(server.sockets).toHaveLength(1);
});

test("many streams of events at once hold up neither each other nor a call", async () => {
  const { url, client, server } = await served((socket, request, before) => {
    if (!request.startsWith("GET")) return whole(socket, request, before);
    socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
    setTimeout(() => socket.write("9\r\ndata: 1\n\n\r\n"), 20);
    setTimeout(() => socket.write("9\r\ndata: 2\n\n\r\n0\r\n\r\n"), 60);
  });
  const streams = Array.from({ length: 100 }, () => client.ask(url, { method: "GET", body: undefined }));
  expect((await client.answered(url)).told).toEqual(["200", "end"]);
  await until(() => streams.every(({ told }) => told.includes("end")));
  for (const { body } of streams) expect(body()).toBe("data: 1\n\ndata: 2\n\n");
  expect(server.sockets).toHaveLength(101);
});

test("what is under way when all connections are cut has failed, and so does what comes later", async () => {
  const { url, client, server } = await served(() => undefined);
  const asked = client.ask(url);
  await until(() => server.sockets.length === 1);
  client.close();
  await until(() => asked.told.length > 0);
  expect(asked.told).toEqual(["failed: ECONNRESET"]);
  expect((await client.answered(url)).told).toEqual(["failed: ECONNRESET"]);
});
