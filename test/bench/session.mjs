// A client over stdio that costs next to nothing: it writes lines made before, each by itself as callers do who know
// nothing of each other, and counts the lines that come back.
import { spawn } from "node:child_process";

const LINE_FEED = 0x0a;
const PATIENCE_MS = 60_000;

export class Session {
  /** Milliseconds from the start of the process to the reply to `tools/list`. */
  startMs = 0;
  #lastId = 0;
  #onLine = () => undefined;

  constructor({ name, command, args }) {
    this.name = name;
    this.started = performance.now();
    this.process = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    this.errors = "";
    this.process.stderr.on("data", (chunk) => {
      this.errors = (this.errors + chunk).slice(-4000);
    });
    this.process.stdout.on("data", (chunk) => this.#take(chunk));
    this.ended = new Promise((resolve) => {
      this.process.once("exit", resolve);
    });
  }

  /** Handshake and the first list: what every client does before anything else. */
  async open() {
    const params = '"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1.0.0"}';
    await this.ask((id) => `{"jsonrpc":"2.0","id":${id},"method":"initialize","params":{${params}}}\n`);
    this.process.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
    this.tools = await this.ask(listTools);
    this.startMs = performance.now() - this.started;
    return this;
  }

  /** One request; resolves with the reply's bytes. */
  ask(lineOf) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${this.name} does not answer: ${this.errors}`)), PATIENCE_MS);
      const pieces = [];
      this.#onLine = (piece, isWhole) => {
        pieces.push(piece);
        if (!isWhole) return;
        clearTimeout(timer);
        this.#onLine = () => undefined;
        resolve(pieces);
      };
      this.#lastId += 1;
      this.process.stdin.write(lineOf(this.#lastId));
    });
  }

  /** Milliseconds until the last byte of the reply. */
  async timed(lineOf) {
    const started = performance.now();
    await this.ask(lineOf);
    return performance.now() - started;
  }

  /** Replies a second with always `inFlight` requests on their way, `total` in all. Each reply sends the next request. */
  flood(lineOf, inFlight, total) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${this.name} does not answer: ${this.errors}`)), PATIENCE_MS);
      let sent = 0;
      let received = 0;
      const send = () => {
        if (sent === total) return;
        sent += 1;
        this.process.stdin.write(lineOf((this.#lastId += 1)));
      };
      const started = performance.now();
      this.#onLine = (_, isWhole) => {
        if (!isWhole) return;
        received += 1;
        send();
        if (received < total) return;
        clearTimeout(timer);
        this.#onLine = () => undefined;
        resolve((total / (performance.now() - started)) * 1000);
      };
      for (let count = 0; count < inFlight; count++) send();
    });
  }

  async close() {
    this.process.stdin.end();
    const timer = setTimeout(() => this.process.kill("SIGKILL"), 5000);
    await this.ended;
    clearTimeout(timer);
  }

  #take(chunk) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      this.#onLine(chunk.subarray(start, end), true);
      start = end + 1;
    }
    if (start < chunk.length) this.#onLine(chunk.subarray(start), false);
  }
}

export function listTools(id) {
  return `{"jsonrpc":"2.0","id":${id},"method":"tools/list"}\n`;
}

export function call(tool, message = "") {
  const rest = `,"method":"tools/call","params":{"name":"${tool}","arguments":{"message":"${message}"}}}\n`;
  return (id) => `{"jsonrpc":"2.0","id":${id}${rest}`;
}
