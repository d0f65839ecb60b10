// A client over HTTP that costs next to nothing: a socket, requests made of text, and as much of a response as tells where it ends.
import { once } from "node:events";
import { createConnection } from "node:net";

const PATIENCE_MS = 60_000;
/** Bytes of an answer that are looked at in one go. */
const CHUNK = 64 * 1024;
const HEAD_END = Buffer.from("\r\n\r\n");
const LAST_CHUNK = Buffer.from("0\r\n\r\n");
const NOTHING = Buffer.alloc(0);

/**
 * One connection, with one request at a time on its way. What it takes itself counts as the time of whoever is measured, so
 * it makes nothing anew for each call, and reads into one buffer that it keeps.
 */
export class Wire {
  /** Of the answer that is on its way: its status, its headers as text, and how many bytes of its body came. */
  status = 0;
  head = "";
  bytes = 0;
  #done;
  #failed;
  #begun = NOTHING;
  /** Of the body, in bytes; -1: it comes in chunks, and `#tail` are the last bytes of them. */
  #length = -1;
  #tail = NOTHING;
  /** Requests so far, now and when it was looked at last. */
  #sent = 0;
  #seen = 0;
  #timer;

  /** `path` and `headers`: of every request. */
  static async open({ port, path }, headers = {}) {
    const wire = new Wire(headText({ port, path }, headers));
    const callback = (length, buffer) => wire.#take(buffer.subarray(0, length));
    const socket = createConnection({
      port,
      host: "127.0.0.1",
      noDelay: true,
      onread: { buffer: Buffer.alloc(CHUNK), callback },
    });
    wire.socket = socket;
    socket.on("error", (error) => wire.#fail(error));
    socket.on("close", () => wire.#fail(new Error("the connection was closed")));
    await once(socket, "connect");
    return wire;
  }

  constructor(head) {
    this.requestHead = head;
  }

  /** Resolves with the response: its status, its headers, and how many bytes came. `headers`: of this one only. */
  post(body, headers = {}) {
    return new Promise((resolve, reject) => {
      this.send(body, ({ status, head, bytes }) => resolve({ status, head, bytes }), reject, linesOf(headers));
    });
  }

  /** As `post`, without a promise for each: `done` is told this wire. Bodies are ASCII. */
  send(body, done, failed, more = "") {
    this.#timer ??= setInterval(() => this.#giveUp(), PATIENCE_MS).unref();
    this.#done = done;
    this.#failed = failed;
    this.#sent += 1;
    this.status = 0;
    this.socket.write(`${this.requestHead}${more}content-length: ${body.length}\r\n\r\n${body}`, "latin1");
  }

  close() {
    clearInterval(this.#timer);
    this.#done = undefined;
    this.socket.destroy();
  }

  /** Looked at from time to time: is the same still awaited? */
  #giveUp() {
    if (this.#sent === this.#seen) this.#fail(new Error("no answer"));
    this.#seen = this.#sent;
  }

  #fail(error) {
    if (this.#done === undefined) return;
    this.#done = undefined;
    this.#failed(error);
  }

  /** `chunk` is good until this returns. True: there may be more. */
  #take(chunk) {
    if (this.#done === undefined) return true;
    if (this.status === 0) this.#takeHead(chunk);
    else this.#takeBody(chunk);
    return true;
  }

  #takeHead(chunk) {
    const begun = this.#begun.length === 0 ? chunk : Buffer.concat([this.#begun, chunk]);
    const end = begun.indexOf(HEAD_END);
    if (end === -1) {
      this.#begun = Buffer.from(begun);
      return;
    }
    this.#begun = NOTHING;
    const head = begun.latin1Slice(0, end);
    // Mostly it is the head of the answer before, word for word.
    if (head !== this.head) this.#length = lengthIn(head);
    this.head = head;
    this.status = Number(head.slice(9, 12));
    this.bytes = 0;
    this.#tail = NOTHING;
    const body = begun.subarray(end + HEAD_END.length);
    if (this.status > 299) this.#fail(new Error(`status ${this.status}: ${body}`));
    else this.#takeBody(body);
  }

  #takeBody(chunk) {
    this.bytes += chunk.length;
    if (this.#length < 0) {
      const tail = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk]);
      this.#tail = Buffer.from(tail.subarray(-LAST_CHUNK.length));
    }
    const isWhole = this.#length < 0 ? this.#tail.equals(LAST_CHUNK) : this.bytes >= this.#length;
    if (!isWhole) return;
    const done = this.#done;
    this.#done = undefined;
    done(this);
  }
}

function lengthIn(head) {
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return -1;
  return Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
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
