// Pipes to real processes: read into the one buffer that stays, written to at once, and never mixed up.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { descriptorOf, processInput, processOutput, readFrames } from "../../src/io/pipes.ts";
import { writerTo } from "../../src/io/write-pieces.ts";
import { createLineFramer, LINE_END } from "../../src/message/framing.ts";

const isWindows = process.platform === "win32";

function run(script: string) {
  const child = spawn("/bin/sh", ["-c", script], { stdio: ["pipe", "pipe", "inherit"] });
  const lines: Buffer[] = [];
  const output = processOutput(child.stdout);
  const listen = (): void =>
    readFrames(output, createLineFramer(1_000_000), (frame) => frame.kind === "line" && lines.push(frame.bytes));
  return { child, output, lines, listen, write: writerTo(processInput(child.stdin)) };
}

describe.skipIf(isWindows)("a pipe of a process", () => {
  test("changes hands: what Node had made for it is silent, and everything comes the other way", async () => {
    const { child, output, lines, listen } = run("echo one; echo two; printf 'three'; printf '\\nfour\\n'");
    let said = 0;
    child.stdout.on("data", () => (said += 1));
    listen();
    await once(output, "close");
    expect(output).not.toBe(child.stdout);
    expect(lines.map(String)).toEqual(["one", "two", "three", "four"]);
    expect(said).toBe(0);
  });

  test("stays open when what Node had made for it is closed", async () => {
    const { child, output, lines, listen } = run("sleep 0.2; echo late");
    child.stdout.destroy();
    listen();
    await once(output, "close");
    expect(lines.map(String)).toEqual(["late"]);
  });

  test("keeps what was written before anybody listens", async () => {
    const { child, output, lines, listen } = run("echo early; exit 0");
    await once(child, "exit");
    listen();
    await once(output, "close");
    expect(lines.map(String)).toEqual(["early"]);
  });

  test("is told apart from others that are read at the same time, also by who keeps what came", async () => {
    const many = Array.from({ length: 8 }, (_, index) =>
      run(`for i in $(seq 300); do echo ${index}-$i; echo ${index}-$i-${"x".repeat(200)}; done`),
    );
    for (const { listen } of many) listen();
    await Promise.all(many.map(({ output }) => once(output, "close")));
    for (const [index, { lines }] of many.entries())
      expect(lines.map(String)).toEqual(
        Array.from({ length: 300 }, (_, at) => [`${index}-${at + 1}`, `${index}-${at + 1}-${"x".repeat(200)}`]).flat(),
      );
  });

  test("is written to at once, and what it does not take waits its turn", async () => {
    const { child, output, lines, listen, write } = run("sleep 0.3; exec cat");
    expect(descriptorOf(child.stdin)).toBeTypeOf("number");
    const texts = Array.from({ length: 400 }, (_, index) => `${index} ${"y".repeat((index * 701) % 20_000)}`);
    for (const text of texts) write([Buffer.from(text), LINE_END]);
    child.stdin.end();
    listen();
    await once(output, "close");
    expect(lines.map(String)).toEqual(texts);
  });

  test("that is full keeps what is its own, however much others are written meanwhile, and in order", async () => {
    const full = run("sleep 0.3; exec cat");
    const other = run("exec cat");
    const told: string[] = [];
    const tell = (text: string): void => {
      told.push(text);
      full.write([Buffer.from(text), LINE_END]);
    };
    while (full.child.stdin.writableLength === 0) tell(`${told.length} ${"a".repeat(9000)}`);
    other.write([Buffer.from("b".repeat(15_000)), LINE_END, Buffer.from("c".repeat(15_000)), LINE_END]);
    // It reads again, and nobody here has heard of it yet.
    for (const last = performance.now() + 600; performance.now() < last;);
    tell("last");
    for (const { child, listen } of [full, other]) {
      child.stdin.end();
      listen();
    }
    await Promise.all([full, other].map(({ output }) => once(output, "close")));
    expect(full.lines.map(String)).toEqual(told);
    expect(other.lines.map(String)).toEqual(["b".repeat(15_000), "c".repeat(15_000)]);
  });

  test("takes more in one go than can be gathered", async () => {
    const { child, output, lines, listen, write } = run("exec cat");
    const texts = Array.from({ length: 9 }, (_, index) => String(index).repeat(16_000));
    write(texts.flatMap((text) => [Buffer.from(text), LINE_END]));
    child.stdin.end();
    listen();
    await once(output, "close");
    expect(lines.map(String)).toEqual(texts);
  });

  test("that is gone is not written to any more, whoever has its descriptor now", async () => {
    const { child, write } = run("exec cat >/dev/null");
    const descriptor = descriptorOf(child.stdin);
    child.stdin.destroy();
    await once(child.stdin, "close");
    const heirs = Array.from({ length: 4 }, () => run("exec cat"));
    expect(heirs.map((heir) => descriptorOf(heir.child.stdin))).toContain(descriptor);
    for (const heir of heirs) heir.listen();
    write([Buffer.from("lost"), LINE_END]);
    for (const heir of heirs) heir.child.stdin.end();
    await Promise.all(heirs.map(({ output }) => once(output, "close")));
    expect(heirs.flatMap(({ lines }) => lines)).toEqual([]);
  });
});

test("any other stream is read and written as it is", async () => {
  const stream = new PassThrough();
  expect(processOutput(stream)).toBe(stream);
  expect(descriptorOf(processInput(stream))).toBeUndefined();
  const lines: string[] = [];
  readFrames(stream, createLineFramer(100), (frame) => frame.kind === "line" && lines.push(frame.bytes.toString()));
  writerTo(stream)([Buffer.from("a"), LINE_END, Buffer.from("b"), LINE_END]);
  stream.end();
  await once(stream, "end");
  expect(lines).toEqual(["a", "b"]);
});
