// One connection to a Redis or Valkey server: what asks for it is answered within a deadline, also when it is gone, and it comes back by itself.
import { Redis, type RedisOptions } from "ioredis";
import { within } from "../in-time.ts";
import { failed } from "./faults.ts";
import type { Failed } from "./store.ts";
import type { RedisAddress } from "./store-settings.ts";

export type Report = (level: "info" | "warn", text: string) => void;

/** Between two attempts to connect. */
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2000;
/** How long a server may take to say goodbye. */
const FAREWELL_MS = 100;

export class RedisConnection {
  readonly address: string;
  lastError: string | undefined;
  private readonly redis: Redis;
  private readonly timeoutMs: number;
  private readonly report: Report;
  private isClosed = false;
  private wasTold: "up" | "down" | undefined;
  /** When it was lost, or first looked for. */
  private awaySince = performance.now();
  /** When something came from it. */
  private heardAt = 0;
  private readonly waiting = new Set<() => void>();

  constructor(server: RedisAddress, timeoutMs: number, report: Report) {
    this.address = `${server.host.includes(":") ? `[${server.host}]` : server.host}:${server.port}`;
    this.timeoutMs = timeoutMs;
    this.report = report;
    this.redis = new Redis(optionsOf(server));
    this.redis.on("error", (error: Error) => {
      this.lastError = reasonOf(error);
    });
    this.redis.on("connect", () => this.met());
    this.redis.on("ready", () => this.found());
    this.redis.on("close", () => this.lost());
  }

  get state(): "up" | "down" {
    return this.redis.status === "ready" ? "up" : "down";
  }

  /**
   * Never rejects. What was sent and not answered may have been done all the same. A connection on which nothing has come
   * since is given up, and what was sent on it with it.
   */
  async ask<Answer>(work: (redis: Redis) => Promise<Answer>): Promise<Answer | Failed> {
    if (this.state === "down" && !(await this.isBackInTime())) return failed(this.absence());
    const askedAt = performance.now();
    const { stream } = this.redis;
    try {
      const answer = await within(
        this.timeoutMs,
        work(this.redis).then((value) => ({ value })),
      );
      if (answer !== undefined) return answer.value;
    } catch (error) {
      return failed(this.complaint(error));
    }
    this.lastError = this.silence();
    if (this.heardAt < askedAt) stream.destroy();
    return failed(this.absence());
  }

  close(): void {
    this.isClosed = true;
    this.redis.disconnect();
    this.wake();
  }

  /** Just after it was lost it may be worth waiting for; later nobody waits. */
  private isBackInTime(): Promise<boolean> {
    const left = this.awaySince + this.timeoutMs - performance.now();
    if (this.isClosed || left <= 0) return Promise.resolve(false);
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve(this.state === "up");
      };
      const timer = setTimeout(wake, left);
      this.waiting.add(wake);
    });
  }

  private wake(): void {
    for (const wake of this.waiting) wake();
  }

  /** Who takes a connection and says nothing on it is as good as gone. */
  private met(): void {
    const { stream } = this.redis;
    const giveUp = (): void => {
      if (this.redis.stream !== stream || this.state === "up") return;
      this.lastError = this.silence();
      stream.destroy();
    };
    const greeting = setTimeout(() => setImmediate(giveUp), this.timeoutMs);
    stream.once("close", () => clearTimeout(greeting));
    stream.on("data", () => {
      this.heardAt = performance.now();
    });
  }

  private found(): void {
    if (this.wasTold === "down") this.report("info", `the store at ${this.address} is back`);
    this.wasTold = "up";
    this.wake();
  }

  private lost(): void {
    if (this.isClosed) return;
    if (this.wasTold === "down") return;
    this.awaySince = performance.now();
    this.wasTold = "down";
    this.report("warn", `${this.absence()}; what needs it is refused until it is back`);
  }

  private silence(): string {
    return `no answer within ${this.timeoutMs} ms`;
  }

  private absence(): string {
    const why = this.lastError === undefined ? "" : `: ${this.lastError}`;
    return `the store at ${this.address} cannot be reached${why}`;
  }

  /** An answer of the server's that is an error, or no answer. */
  private complaint(error: unknown): string {
    if (error instanceof Error && error.name === "ReplyError")
      return `the store at ${this.address}: ${reasonOf(error)}`;
    return this.absence();
  }
}

/**
 * Nothing is sent again: the server may have done it, and it would be counted twice. The library's own time limits are not
 * used: they take a pause of this process for one of the server's, whose answers are there and not read yet.
 */
function optionsOf({ host, port, isEncrypted, database, user, password }: RedisAddress) {
  return {
    host,
    port,
    db: database,
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    ...(isEncrypted ? { tls: {} } : {}),
    protocol: 2,
    connectionName: "mcprules",
    disableClientInfo: true,
    disconnectTimeout: FAREWELL_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt: number) =>
      Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS) * (1 + Math.random() / 10),
    // It has become a replica; where it is now, its name tells.
    reconnectOnError: (error: Error) => error.message.startsWith("READONLY"),
  } satisfies RedisOptions;
}

/** Without what the server repeats of a command, which may hold a password. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? error.code : error.message;
  return code.replace(/, with args beginning with.*$/s, "");
}
