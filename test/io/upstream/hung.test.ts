// A server that takes connections and says nothing any more: what is left of what nobody waits for.
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { call, greeted, openRemote } from "./remote.ts";
import { until } from "../../until.ts";

test("a server that hangs keeps no connection for calls that were cancelled, nor for their cancelling", async () => {
  const held = new Set<Socket>();
  const { url, seen } = await openRemote(({ message: { method }, request }) => {
    const isHung = method === "tools/call" || method === "notifications/cancelled";
    if (isHung) held.add(request.socket);
    return isHung;
  });
  const { send, happened } = await greeted(url);
  for (let id = 2; id < 12; id++) send(call(id));
  await until(() => seen.filter(({ message }) => message.method === "tools/call").length === 10);
  for (let id = 2; id < 12; id++) send({ method: "notifications/cancelled", params: { requestId: id } });
  await until(() => held.size === 20);
  expect(await until(() => [...held].every(({ destroyed }) => destroyed), 5000)).toBe(true);
  expect(happened).toEqual([]);
});
