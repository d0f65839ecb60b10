// A server that was found to keep its connections, and does not any more.
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { until } from "../../../until.ts";
import { type Asked, served, whole } from "./raw-server.ts";

test("one that ends each connection from now on, and says nothing of that, loses one request and not the next", async () => {
  let isEnding = false;
  const ending = new Set<Socket>();
  const { url, client } = await served((socket, request, before) => {
    if (ending.has(socket)) return;
    whole(socket, request, before);
    if (!isEnding) return;
    ending.add(socket);
    setTimeout(() => socket.destroy(), 3);
  });
  /** What becomes of a request that is made when the one before it is answered. */
  const next = async (): Promise<string | undefined> => {
    const second: Asked[] = [];
    client.ask(url, {}, { end: () => second.push(client.ask(url)) });
    await until(() => second[0]?.told.some((one) => /^(?:end|cut|failed)/.test(one)) === true);
    return second[0]?.told.at(-1);
  };
  expect([await next(), await next()]).toEqual(["end", "end"]);
  isEnding = true;
  const told = [await next(), await next(), await next(), await next()];
  expect(told).toEqual([expect.stringMatching(/^(?:end|failed)/), "end", "end", "end"]);
});
