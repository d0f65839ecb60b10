// Many requests at once to a server that answers some well, and most in one of a dozen bad ways: each hears its own answer, or none.
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { until } from "../../../until.ts";
import { type Asked, served } from "./raw-server.ts";

const HEAD = "HTTP/1.1 200 OK\r\n";
const sized = (text: string): string => `${HEAD}content-length: ${text.length}\r\n\r\n${text}`;
const chunked = (text: string): string =>
  `${HEAD}transfer-encoding: chunked\r\n\r\n${text
    .split("")
    .map((one) => `1;a=b\r\n${one}\r\n`)
    .join("")}0\r\na: b\r\n\r\n`;

async function slowly(socket: Socket, text: string): Promise<void> {
  const cut = text.length % 7;
  for (let at = 0; at < text.length; at += 20 + cut) {
    socket.write(text.slice(at, at + 20 + cut));
    await delay(1);
  }
}

/** What a server does with a request, and what its asker may hear of it; `tag` is what it should hear. */
const WAYS: readonly (readonly [(socket: Socket, tag: string) => unknown, RegExp])[] = [
  [(socket, tag) => socket.write(sized(tag)), /^200 end$/],
  [(socket, tag) => socket.write(chunked(tag)), /^200 end$/],
  [(socket, tag) => slowly(socket, chunked(tag)), /^200 end$/],
  [(socket, tag) => slowly(socket, "HTTP/1.1 102 Wait\r\n\r\n".repeat(9) + sized(tag)), /^200 end$/],
  [(socket, tag) => socket.end(`${HEAD}\r\n${tag}`), /^200 end$/],
  [(socket, tag) => socket.end(sized(tag).replace("\r\n", "\r\nconnection: close\r\n")), /^200 end$/],
  [(socket, tag) => socket.write(sized(tag) + sized("evil")), /^200 end$/],
  [(socket, tag) => socket.write(chunked(tag) + sized("evil")), /^200 end$/],
  [(socket, tag) => socket.end(sized(tag).slice(0, -1)), /^200 cut: ECONNRESET$/],
  [(socket, tag) => socket.end(chunked(tag).slice(0, -1)), /^200 cut: ECONNRESET$/],
  [(socket) => socket.end(), /^failed: ECONNRESET$/],
  [(socket) => socket.resetAndDestroy(), /^failed: (?:ECONNRESET|EPIPE)$/],
  [(socket) => socket.write("\u0000\u00ff evil\r\n\r\n"), /^failed: HPE_INVALID$/],
  [(socket) => socket.write("HTTP/1.1 101 Evil\r\nupgrade: evil\r\n\r\nevil"), /^failed: HPE_INVALID$/],
  [(socket) => socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n5\r\nevil\r\n`), /^200$/],
  [() => undefined, /^$/],
];

test("each of them", async () => {
  const { url, client, server } = await served((socket, request) => {
    const tag = request.slice(request.indexOf("\r\n\r\n") + 4);
    void WAYS[Number(tag.split(" ", 1)[0])]?.[0](socket, tag);
  });
  const all: { readonly asked: Asked; readonly tag: string; readonly heard: RegExp }[] = [];
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let turn = 0; turn < 150; turn++) {
    for (let count = random(12); count > 0; count--) {
      const way = random(3) === 0 ? random(WAYS.length) : random(4);
      const tag = `${way} ${turn} ${count} ${"x".repeat(random(40))}`;
      const asked = client.ask(url, { body: Buffer.from(tag) });
      all.push({ asked, tag, heard: WAYS[way]?.[1] ?? /^$/ });
      if (random(4) === 0) asked.running.setPaused(true);
    }
    await delay(random(4));
    for (const { asked } of all) if (random(3) > 0) asked.running.setPaused(false);
  }
  for (const { asked } of all) asked.running.setPaused(false);
  await until(() => all.every(({ asked, heard }) => heard.test(asked.told.join(" "))));
  const whole = all.filter(({ asked }) => asked.told.includes("end"));
  for (const { asked, tag } of whole) expect(asked.body()).toBe(tag);
  expect(server.sockets.length).toBeLessThan(all.length);
  for (const { asked } of all) asked.running.abort();
  await delay(50);
  for (const { asked, heard } of all) expect(asked.told.join(" ")).toMatch(heard);
});
