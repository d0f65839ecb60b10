// What a Node process holds once its garbage is collected, asked through its inspector: how much garbage lies about is V8's business.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { WebSocket } from "undici";

/** For the process whose memory is asked for. It says on stderr where it listens. */
export const INSPECTED = "--inspect=127.0.0.1:0";

export interface Held {
  /** Of V8's heap, in use. */
  readonly heapBytes: number;
  /** Of the whole process, in memory. */
  readonly residentBytes: number;
}

/** `stderr`: what the process said there. */
export async function heldMemory(pid: number | undefined, stderr: string): Promise<Held> {
  const socket = new WebSocket(/Debugger listening on (ws:\S+)/.exec(stderr)?.[1] ?? "");
  await once(socket, "open");
  let lastId = 0;
  const ask = async (method: string): Promise<unknown> => {
    lastId += 1;
    socket.send(JSON.stringify({ id: lastId, method }));
    for (;;) {
      const [event] = (await once(socket, "message")) as [{ readonly data: string }];
      const { id, result } = JSON.parse(event.data) as { readonly id?: number; readonly result?: unknown };
      if (id === lastId) return result;
    }
  };
  // The second time what the first one set free by itself.
  for (let time = 0; time < 2; time++) await ask("HeapProfiler.collectGarbage");
  const { usedSize } = (await ask("Runtime.getHeapUsage")) as { readonly usedSize: number };
  socket.close();
  const status = readFileSync(`/proc/${pid ?? 0}/status`, "utf8");
  return { heapBytes: usedSize, residentBytes: Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024 };
}
