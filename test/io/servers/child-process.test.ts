// Servers as real processes: what they inherit, how their end is told, and that nothing of them stays behind.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { getDefaultEnvironment } from "@modelcontextprotocol/sdk/client/stdio.js";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serverEnvironment, startServer } from "../../../src/io/servers/child-process.ts";
import { readFrames } from "../../../src/io/pipes.ts";
import type { ProcessServer } from "../../../src/io/settings/settings.ts";
import { createLineFramer, type Frame } from "../../../src/message/framing.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mcprules-child-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function shell(script: string, extra: Partial<ProcessServer> = {}): ProcessServer {
  return {
    kind: "process",
    name: "s",
    command: "/bin/sh",
    args: ["-c", script],
    env: {},
    cwd: folder,
    root: folder,
    home: folder,
    ...extra,
  };
}

function start(settings: ProcessServer) {
  const errors: string[] = [];
  const server = startServer(settings, (line) => errors.push(line));
  const lines: string[] = [];
  const keep = (frame: Frame): void => void lines.push(frame.kind === "line" ? frame.bytes.toString() : "too long");
  if (server.streams !== undefined) readFrames(server.streams.output, createLineFramer(1000), keep);
  return { server, errors, lines };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie that nobody has collected is dead all the same.
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function eventually(holds: () => boolean, withinMs = 5000): Promise<boolean> {
  for (const last = Date.now() + withinMs; Date.now() < last; await delay(20)) if (holds()) return true;
  return holds();
}

describe("a server is started", () => {
  test("with what the SDK lets a server inherit, and its own variables", () => {
    expect(serverEnvironment({ A: "b" })).toEqual({ ...getDefaultEnvironment(), A: "b" });
  });

  test("in its folder, with its environment and nothing of ours", async () => {
    process.env["MCPRULES_TEST_SECRET"] = "x";
    const { server, lines } = start(shell('pwd; echo "[$MCPRULES_TEST_SECRET][$OWN]"', { env: { OWN: "y" } }));
    expect(await server.ended).toBe("exited with code 0");
    expect(lines).toEqual([folder, "[][y]"]);
  });

  test("and what it says on stderr is told line by line", async () => {
    const { server, errors } = start(shell("echo one >&2; printf 'two\\r\\n\\nthr' >&2; printf 'ee' >&2"));
    await server.ended;
    await eventually(() => errors.length === 3);
    expect(errors).toEqual(["one", "two", "three"]);
  });
});

describe("why it ended is told", () => {
  test.each([
    ["exit 3", "exited with code 3"],
    ["kill -TERM $$", "was ended by SIGTERM"],
  ])("%s", async (script, reason) => {
    expect(await start(shell(script)).server.ended).toBe(reason);
  });

  test("no such command", async () => {
    const { server } = start(shell("", { command: "no-such-command-here", args: [] }));
    expect(await server.ended).toBe("could not be started: there is no command `no-such-command-here`");
  });

  test.each([
    ["./nosuch", "there is no command `./nosuch` in `FOLDER`"],
    ["/no/such/program", "there is no command `/no/such/program`"],
    ["./there", "`./there` is a folder"],
    ["./headless", "there is no command to run `./headless` with, which its first line names"],
    [
      "node x stdio",
      "there is no command `node x stdio`; what stands behind its name belongs into `args`, or behind `--` without the quotes",
    ],
  ])("no command: %s", async (command, reason) => {
    mkdirSync(join(folder, "there"), { recursive: true });
    writeFileSync(join(folder, "headless"), "#!/no/such/program\n", { mode: 0o755 });
    const { server } = start(shell("", { command, args: [], cwd: folder }));
    expect(await server.ended).toBe(`could not be started: ${reason.replace("FOLDER", folder)}`);
  });

  test("no such folder", async () => {
    const { server } = start(shell("true", { cwd: "/no/such/folder" }));
    expect(await server.ended).toBe("could not be started: there is no folder `/no/such/folder`");
  });

  test("not a program", async () => {
    writeFileSync(join(folder, "notes.txt"), "hello");
    const { server } = start(shell("", { command: join(folder, "notes.txt"), args: [] }));
    expect(await server.ended).toMatch(/may not be executed/);
  });

  test("an argument no process can have", async () => {
    expect(await start(shell("true", { args: ["a\0b"] })).server.ended).toMatch(/^could not be started/);
  });

  test("after its last words were read, even by a slow reader", async () => {
    const server = startServer(shell("yes | head -c 300000; exit 0"), () => undefined);
    const output = server.streams?.output;
    if (output === undefined) throw new Error("it could not be started");
    let count = 0;
    const readSlowly = (): void => {
      output.pause();
      setTimeout(() => output.resume(), 5);
    };
    readFrames(output, createLineFramer(1000), () => void (count += 1), readSlowly);
    await server.ended;
    expect(count).toBe(150_000);
  });

  test("no earlier than after a second in which we listened all the time", async () => {
    const server = startServer(shell("setsid sleep 5 & sleep 0.3; exit 0"), () => undefined);
    const output = server.streams?.output;
    if (output === undefined) throw new Error("it could not be started");
    await delay(1000);
    readFrames(output, createLineFramer(1000), () => undefined);
    const resumed = performance.now();
    await server.ended;
    expect(performance.now() - resumed).toBeGreaterThan(990);
  });

  test("even when a process it left behind holds its stdout open, which we let go", async () => {
    const { server, lines } = start(shell("setsid sleep 3 & sleep 0.3; echo started; exit 0"));
    expect(await server.ended).toBe("exited with code 0");
    expect(lines).toEqual(["started"]);
    expect(server.streams?.output.destroyed).toBe(true);
  });
});

describe.concurrent("closing a server leaves nobody behind", () => {
  test("one that ends with its stdin", async () => {
    const { server } = start(shell("cat >/dev/null; exit 0"));
    await server.close();
    expect(await server.ended).toBe("exited with code 0");
  });

  test("one that must be asked", async () => {
    const { server } = start(shell("exec sleep 60"));
    const started = performance.now();
    await server.close();
    expect(await server.ended).toBe("was ended by SIGTERM");
    expect(performance.now() - started).toBeGreaterThan(1900);
  });

  test("one that must be asked, in haste", async () => {
    const { server } = start(shell("exec sleep 60"));
    const started = performance.now();
    server.hurry();
    await server.close();
    expect(await server.ended).toBe("was ended by SIGTERM");
    expect(performance.now() - started).toBeLessThan(1500);
  });

  test("one that will not hear", async () => {
    const { server, lines } = start(shell("trap '' TERM; echo ready; while :; do sleep 0.1; done"));
    await eventually(() => lines.length > 0);
    server.hurry();
    await server.close();
    expect(await server.ended).toBe("was ended by SIGKILL");
  });

  test("and neither do its own children, when it ends by itself", async () => {
    const { server } = start(shell("sleep 60 & echo $! > child.pid; exit 1"));
    await server.ended;
    const pid = Number(readFileSync(join(folder, "child.pid"), "utf8"));
    expect(await eventually(() => !isAlive(pid))).toBe(true);
  });

  test("writing to one that is gone is no error", async () => {
    const { server } = start(shell("exit 0"));
    await server.ended;
    expect(() => server.streams?.input.write("hello\n")).not.toThrow();
    await delay(50);
  });
});

describe("no server outlives the proxy", () => {
  test.concurrent.each([
    ["process.kill(process.pid, 'SIGKILL')", "is killed"],
    ["throw new Error('bug')", "has a bug"],
    ["process.exit(0)", "exits at once"],
    ["process.abort()", "aborts"],
  ])("%s: it %s", async (how) => {
    const pidFile = join(folder, `${Math.random()}.pid`);
    const script = `trap '' TERM; sleep 60 & echo $! $$ > ${pidFile}; while :; do sleep 0.1; done`;
    const program = `import { startServer } from "./src/io/servers/child-process.ts";
      startServer(${JSON.stringify(shell(script))}, () => {});
      setTimeout(() => { ${how} }, 400);`;
    const outfile = `${pidFile}.mjs`;
    buildSync({
      stdin: { contents: program, resolveDir: "." },
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
    });
    const proxy = spawn(process.execPath, [outfile], { stdio: "ignore" });
    await once(proxy, "exit");
    expect(existsSync(pidFile)).toBe(true);
    const pids = readFileSync(pidFile, "utf8").trim().split(" ").map(Number);
    expect(await eventually(() => pids.every((pid) => !isAlive(pid)), 6000)).toBe(true);
  });
});
