// A module as a process: started with a small environment, spoken to over stdio, kept alive.
import { homedir } from "node:os";
import { composeNotification } from "../../message/compose.ts";
import { createLineFramer, LINE_END } from "../../message/framing.ts";
import { MODERN_REVISIONS } from "../../mcp/revisions.ts";
import { readFrames } from "../pipes.ts";
import { startServer } from "../servers/child-process.ts";
import type { Connection, Opener, Opening } from "./connection.ts";
import { greetLegacy, isModern, modernParams } from "./handshake.ts";
import type { HostSettings } from "./module-settings.ts";
import { Peer } from "./peer.ts";

type ProcessHost = Extract<HostSettings, { kind: "process" }>;

/** Some programs of the legacy era end when they hear what they do not know: they are started again, and greeted as what they are. */
export async function openProcess(host: ProcessHost, opener: Opener): Opening {
  const first = new HostProcess(host, opener);
  const begun = performance.now();
  if (await first.isModern()) return first.serve(MODERN_REVISIONS[0]);
  const survivor = first.isGone ? new HostProcess(host, opener) : first;
  return survivor.greet(opener.withinMs - (performance.now() - begun));
}

class HostProcess implements Connection {
  revision = "";
  isGone = false;
  private isServing = false;
  private readonly opener: Opener;
  private readonly process: ReturnType<typeof startServer>;
  private readonly peer: Peer;
  private reason = "it ended";

  constructor(host: ProcessHost, opener: Opener) {
    this.opener = opener;
    const { settings, events, maxBytes } = opener;
    const { command, args, env, cwd } = host;
    const name = settings.name;
    const server = { kind: "process", name, command, args, env, cwd, root: cwd, home: homedir() } as const;
    this.process = startServer(server, events.said);
    this.peer = new Peer({ ...events, send: (message) => this.send(message) });
    const framer = createLineFramer(maxBytes);
    const { streams } = this.process;
    if (streams !== undefined) readFrames(streams.output, framer, (frame) => this.peer.hear(frame));
    void this.process.ended.then((reason) => this.ended(reason));
    opener.signal.addEventListener("abort", () => void this.close(), { once: true });
  }

  async isModern(): Promise<boolean> {
    const { withinMs } = this.opener;
    return isModern((method, params, ms) => this.peer.ask(method, params, ms), withinMs);
  }

  async greet(withinMs: number): Opening {
    const greeting = await greetLegacy((method, params, ms) => this.peer.ask(method, params, ms), withinMs);
    if (greeting.kind === "greeted") {
      this.send(composeNotification("notifications/initialized"));
      return this.serve(greeting.revision);
    }
    const reason = this.isGone ? `it ${this.reason}` : greeting.reason;
    await this.close();
    return reason;
  }

  serve(revision: string): Connection {
    this.revision = revision;
    this.isServing = true;
    if (this.isGone) this.opener.events.ended(this.reason);
    return this;
  }

  ask: Connection["ask"] = (method, params, withinMs) => {
    const isLegacy = this.revision !== MODERN_REVISIONS[0];
    return this.peer.ask(method, isLegacy ? params : modernParams(params), withinMs);
  };

  async close(): Promise<void> {
    this.isServing = false;
    await this.process.close();
  }

  private send(message: Buffer): void {
    if (!this.isGone) this.process.streams?.input.write(Buffer.concat([message, LINE_END]));
  }

  private ended(reason: string): void {
    this.isGone = true;
    this.reason = reason;
    this.peer.end(`it ${reason}`);
    if (this.isServing) this.opener.events.ended(`it ${reason}`);
  }
}
