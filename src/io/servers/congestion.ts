// Servers that do not take what they are sent: their client waits for them a while, so that little has to be kept for them, and then no longer, since it has others.
import type { Channel } from "../stdio-channel.ts";

/** How long a client is not read from because one of its servers is full, in milliseconds. */
const PATIENCE_MS = 5000;

export class Congestion {
  private readonly waits = new Map<Channel, NodeJS.Timeout>();
  private readonly stuck = new Set<Channel>();

  /** Whether others have to wait for it. `changed`: it is stuck from now on, or is not any more. */
  holdsUp(channel: Channel, changed: (isStuck: boolean) => void): boolean {
    if (!channel.isFull()) {
      this.stopWaiting(channel);
      if (this.stuck.delete(channel)) changed(false);
      return false;
    }
    if (this.stuck.has(channel)) return false;
    if (!this.waits.has(channel)) this.wait(channel, changed);
    return true;
  }

  forget(channel: Channel | undefined): void {
    if (channel === undefined) return;
    this.stopWaiting(channel);
    this.stuck.delete(channel);
  }

  forgetAll(): void {
    for (const channel of this.waits.keys()) this.stopWaiting(channel);
  }

  private wait(channel: Channel, changed: (isStuck: boolean) => void): void {
    const giveUp = (): void => {
      this.waits.delete(channel);
      if (!channel.isFull()) return;
      this.stuck.add(channel);
      changed(true);
    };
    this.waits.set(channel, setTimeout(giveUp, PATIENCE_MS));
  }

  private stopWaiting(channel: Channel): void {
    clearTimeout(this.waits.get(channel));
    this.waits.delete(channel);
  }
}
