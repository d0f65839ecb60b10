// Whether somebody listens at an address, so that a sink that leads nowhere is known at the start.
import { connect as connectTcp, isIP, type Socket } from "node:net";

const REACH_MS = 5000;

export interface Address {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
}

/** Rejects with the reason when nobody can be reached there, or not by that name. */
export async function reach(address: Address): Promise<void> {
  const socket = await dial(address);
  try {
    await connected(socket, address.isSecure ? "secureConnect" : "connect");
  } finally {
    socket.destroy();
  }
}

async function dial({ host, port, isSecure }: Address): Promise<Socket> {
  if (!isSecure) return connectTcp({ host, port });
  const { connect: connectTls } = await import("node:tls");
  return connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }) });
}

/** Rejects when it does not stand in a few seconds. */
export function connected(socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new Error("nobody answers there")), REACH_MS);
    socket.once(event, () => {
      clearTimeout(timer);
      resolve();
    });
    socket.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}
