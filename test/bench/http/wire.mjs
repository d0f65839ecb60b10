// A client over HTTP that costs next to nothing: a socket, requests made of text, and as much of a response as tells where it ends.
import { once } from "node:events";
import { createConnection } from "node:net";

const PATIENCE_MS = 60_000;
const HEAD_END = Buffer.from("\r\n\r\n");
const LAST_CHUNK = Buffer.from("0\r\n\r\n");

/** One connection, with one request at a time on its way. */
export class Wire {
  #answer;
  #timer;

  /** `path` and `headers`: of every request. */
  static async open({ port, path }, headers = {}) {
    const socket = createConnection(port, "127.0.0.1");
    await once(socket, "connect");
    socket.setNoDelay(true);
    return new Wire(socket, headText({ port, path }, headers));
  }

  constructor(socket, head) {
    this.socket = socket;
    this.requestHead = head;
    socket.on("data", (chunk) => this.#answer?.take(chunk));
    socket.on("error", (error) => this.#answer?.fail(error));
    socket.on("close", () => this.#answer?.fail(new Error("the connection was closed")));
  }

  /** Resolves with the response: its status, its headers as text, and how many bytes came. `headers`: of this one only. */
  post(body, headers = {}) {
    return new Promise((resolve, reject) => {
      this.send(body, resolve, reject, linesOf(headers));
    });
  }

  /** As `post`, without a promise for each. */
  send(body, done, failed, more = "") {
    this.#timer ??= setInterval(() => this.#giveUp(), PATIENCE_MS).unref();
    this.#answer = new Answer(
      (answer) => {
        this.#answer = undefined;
        done(answer);
      },
      (error) => {
        this.#answer = undefined;
        failed(error);
      },
    );
    this.socket.write(`${this.requestHead}${more}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  close() {
    clearInterval(this.#timer);
    this.#answer = undefined;
    this.socket.destroy();
  }

  #giveUp() {
    if (this.#answer !== undefined && performance.now() - this.#answer.started > PATIENCE_MS) {
      this.#answer.fail(new Error("no answer"));
    }
  }
}

class Answer {
  started = performance.now();
  status = 0;
  head = "";
  bytes = 0;
  #begun = Buffer.alloc(0);
  #length = -1;
  #tail = Buffer.alloc(0);

  constructor(done, failed) {
    this.done = done;
    this.failed = failed;
  }

  take(chunk) {
    if (this.status === 0) this.#takeHead(chunk);
    else this.#takeBody(chunk);
  }

  fail(error) {
    this.failed(error);
  }

  #takeHead(chunk) {
    this.#begun = this.#begun.length === 0 ? chunk : Buffer.concat([this.#begun, chunk]);
    const end = this.#begun.indexOf(HEAD_END);
    if (end === -1) return;
    this.head = this.#begun.toString("latin1", 0, end);
    this.status = Number(this.head.slice(9, 12));
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.head)?.[1];
    const isChunked = /\r\ntransfer-encoding: *chunked/i.test(this.head);
    this.#length = isChunked ? -1 : Number(length ?? 0);
    const body = this.#begun.subarray(end + HEAD_END.length);
    if (this.status > 299) this.failed(new Error(`status ${this.status}: ${body}`));
    else this.#takeBody(body);
  }

  #takeBody(chunk) {
    this.bytes += chunk.length;
    if (this.#length >= 0) {
      if (this.bytes >= this.#length) this.done(this);
      return;
    }
    this.#tail =
      chunk.length >= LAST_CHUNK.length
        ? chunk.subarray(-LAST_CHUNK.length)
        : Buffer.concat([this.#tail, chunk]).subarray(-LAST_CHUNK.length);
    if (this.#tail.equals(LAST_CHUNK)) this.done(this);
  }
}

function headText({ port, path }, headers) {
  const all = {
    host: `127.0.0.1:${port}`,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...headers,
  };
  return `POST ${path} HTTP/1.1\r\n${linesOf(all)}`;
}

function linesOf(headers) {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
}
