// The local socket of a proxy: in a folder that is this user's alone, or not at all; one line in, lines out.
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { ask, askOnce, findProxy } from "../../../src/io/control/control-client.ts";
import { type ControlDoor, type ControlHandler, openControlDoor } from "../../../src/io/control/control-door.ts";
import { controlFolder } from "../../../src/io/control/control-folder.ts";

const root = mkdtempSync(join(tmpdir(), "mcprules-control-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
function freshFolder(): string {
  count += 1;
  return join(root, `run-${count}`, "mcprules");
}

const doors: ControlDoor[] = [];
afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.close()));
});

async function open(folder: string, handlers: Readonly<Record<string, ControlHandler>> = {}): Promise<ControlDoor> {
  const door = await openControlDoor(folder, () => Promise.resolve(handlers));
  doors.push(door);
  return door;
}

describe("the folder", () => {
  test("is the runtime folder's, or one of this user's among the temporary files", () => {
    const none = join(root, "no-runtimes");
    expect(controlFolder({ XDG_RUNTIME_DIR: "/run/user/7" })).toBe("/run/user/7/mcprules");
    expect(controlFolder({}, none)).toBe(`/tmp/mcprules-${process.getuid?.() ?? ""}`);
    expect(controlFolder({ XDG_RUNTIME_DIR: "somewhere" })).toBe(controlFolder({}));
  });

  test("is the same for a shell and for a proxy whose host left the variables of the session out", () => {
    const runtimes = join(root, "runtimes");
    const own = join(runtimes, String(process.getuid?.()));
    mkdirSync(own, { recursive: true, mode: 0o700 });
    expect(controlFolder({}, runtimes)).toBe(controlFolder({ XDG_RUNTIME_DIR: own }, runtimes));
    expect(controlFolder({ TMPDIR: "/var/folders/x" })).toBe(controlFolder({}));
    chmodSync(own, 0o777);
    expect(controlFolder({}, runtimes)).toBe(`/tmp/mcprules-${process.getuid?.() ?? ""}`);
  });

  test("is made so that nobody else can look into it, also where it was open", async () => {
    const made = freshFolder();
    await open(made);
    expect(statSync(made).mode & 0o777).toBe(0o700);
    const found = freshFolder();
    mkdirSync(found, { recursive: true, mode: 0o755 });
    await open(found);
    expect(statSync(found).mode & 0o777).toBe(0o700);
  });

  test("is refused where others can write to it", async () => {
    const folder = freshFolder();
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o777);
    await expect(openControlDoor(folder, () => Promise.resolve({}))).rejects.toThrow("can be written to by others");
    await expect(findProxy({ XDG_RUNTIME_DIR: join(folder, "..") }, undefined)).rejects.toThrow("by others");
  });

  test("is refused where it is a link, wherever that leads", async () => {
    const folder = freshFolder();
    mkdirSync(join(folder, ".."), { recursive: true });
    const elsewhere = join(root, "elsewhere");
    mkdirSync(elsewhere, { recursive: true, mode: 0o700 });
    symlinkSync(elsewhere, folder);
    await expect(openControlDoor(folder, () => Promise.resolve({}))).rejects.toThrow("is no folder");
  });

  test.runIf(process.getuid?.() === 0)("is refused where it is somebody else's", async () => {
    const folder = freshFolder();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chownSync(folder, 12_345, 12_345);
    await expect(openControlDoor(folder, () => Promise.resolve({}))).rejects.toThrow("belongs to somebody else");
  });

  test("is refused where its path is too long for a socket, with the reason", async () => {
    await expect(openControlDoor(join(root, "x".repeat(100)), () => Promise.resolve({}))).rejects.toThrow(
      "too long a path",
    );
  });
});

describe("the socket", () => {
  test("is named after the process, and goes with the proxy", async () => {
    const folder = freshFolder();
    const { path, close } = await open(folder);
    expect(path).toBe(join(folder, `${process.pid}.sock`));
    await close();
    expect(existsSync(path)).toBe(false);
  });

  test("that a dead proxy left behind is taken away; one that lives stays, and so does what is no socket", async () => {
    const folder = freshFolder();
    const first = await open(folder);
    const dead = join(folder, "999999.sock");
    const corpse = createServer().listen(join(folder, "corpse"));
    await once(corpse, "listening");
    writeFileSync(join(folder, "note.txt"), "");
    // What a killed process leaves: a socket that nobody listens to.
    renameSync(join(folder, "corpse"), dead);
    corpse.close();
    await once(corpse, "close");
    expect(existsSync(dead)).toBe(true);
    const second = await open(folder);
    expect([dead, first.path, second.path, join(folder, "note.txt")].map((path) => existsSync(path))).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect(second.path).toBe(join(folder, `${process.pid}-2.sock`));
  });

  test("answers each command with its lines, and ends", async () => {
    const { path } = await open(freshFolder(), {
      echo: (request, { answer }) => answer({ got: request["x"] }),
      many: async (_request, { answer }) => {
        for (let index = 0; index < 3; index++) await Promise.resolve(answer({ index }));
      },
    });
    expect(await askOnce(path, { command: "echo", x: [1] })).toEqual({ got: [1] });
    const lines: unknown[] = [];
    await ask(path, { command: "many" }, (line) => lines.push(line));
    expect(lines).toEqual([{ index: 0 }, { index: 1 }, { index: 2 }]);
  });

  test.each([
    ["a command it does not know", '{"command":"fly"}', "there is no command `fly` here"],
    ["a command that is part of every object", '{"command":"toString"}', "there is no command `toString` here"],
    ["no command", "{}", "there is no command `undefined` here"],
    ["no JSON", "status", "this is no JSON object"],
    ["no object", "[1]", "this is no JSON object"],
  ])("refuses %s", async (_what, line, error) => {
    const { path } = await open(freshFolder());
    expect(await say(path, `${line}\n`)).toBe(`${JSON.stringify({ error })}\n`);
  });

  test("says what went wrong in a command, and goes on", async () => {
    const { path } = await open(freshFolder(), {
      fail: () => {
        throw new Error("no such profile");
      },
      ok: (_request, { answer }) => answer({ ok: true }),
    });
    expect(await askOnce(path, { command: "fail" })).toEqual({ error: "no such profile" });
    expect(await askOnce(path, { command: "ok" })).toEqual({ ok: true });
  });

  test("hangs up on who never comes to the point", async () => {
    const { path } = await open(freshFolder());
    expect(await say(path, "x".repeat(100_000))).toBe("");
  });
});

/** Everything that comes back until the other side hangs up. */
function say(path: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = createConnection(path, () => socket.write(text));
    socket.on("data", (chunk) => {
      heard += chunk.toString();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(heard));
  });
}

describe("a proxy is found", () => {
  test("where one runs; of several, by its process id", async () => {
    const folder = freshFolder();
    const environment = { XDG_RUNTIME_DIR: join(folder, "..") };
    expect(await findProxy(environment, undefined)).toMatchObject({ kind: "none" });
    const { path } = await open(folder);
    expect(await findProxy(environment, undefined)).toEqual({ kind: "proxy", path });
    expect(await findProxy(environment, process.pid + 1)).toMatchObject({
      kind: "none",
      reason: expect.stringContaining(`no proxy with the process id ${process.pid + 1} runs`),
    });
    await open(folder);
    expect(await findProxy(environment, undefined)).toMatchObject({
      kind: "several",
      reason: expect.stringContaining(`--pid ${process.pid}`),
    });
  });
});
