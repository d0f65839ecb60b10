// A client of the door on a bare socket, which says exactly the bytes it is told.
import { connect, type Socket } from "node:net";
import { afterEach } from "vitest";
import type { OpenedDoor } from "./door.ts";

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** A connection that says these bytes, and all that comes back. */
export function speak({ door }: OpenedDoor, text: string): { readonly socket: Socket; readonly heard: () => string } {
  const socket = connect(Number(new URL(door.urls[0] ?? "").port), "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => undefined);
  let heard = "";
  socket.on("data", (chunk: Buffer) => {
    heard += chunk.toString();
  });
  socket.write(text);
  return { socket, heard: () => heard };
}

export function head(lines: readonly string[] = []): string {
  const all = [
    "POST /mcp HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    "Accept: application/json, text/event-stream",
    ...lines,
  ];
  return `${all.join("\r\n")}\r\n\r\n`;
}
