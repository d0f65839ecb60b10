// `mcprules status`, `rollback` and `tail`, from another process, against proxies that run.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { createConnection } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { blocksOf } from "../docs/page.ts";
import { CLI, mcprules, openScene, POLICY, runtime, statusOf } from "./control-scene.ts";
import { openFolder } from "./folder.ts";
import { ownServer, proxy as program } from "./programs.ts";
import { openRawClient, textOf } from "./raw-client.ts";
import { until } from "../until.ts";

describe("status", () => {
  test("says what is in force, who is there, how servers stand, and what the rules did", async () => {
    const { proxy, call } = await openScene();
    await call("echo", { a: 1 });
    await call("echo", { secret: "x" });
    await call("slow", { ms: 1 });
    const { pid, profiles } = statusOf(proxy);
    expect(pid).toBe(proxy.process.pid);
    expect(profiles).toHaveLength(1);
    const [profile] = profiles;
    expect(profile?.policy).toMatchObject({ isStale: false, error: null, goneBackFrom: null, lastReload: null });
    expect(profile?.policy.revision).toMatch(/^[0-9a-f]{12}$/);
    expect(profile?.servers).toEqual([
      {
        name: "own",
        isShared: false,
        states: { asleep: 0, starting: 0, ready: 1, stuck: 0, down: 0 },
        era: "legacy",
        restarts: 0,
        lastError: null,
      },
    ]);
    expect(profile?.sessions).toMatchObject([{ client: "e2e 1.0.0", user: null, inFlight: 0 }]);
    expect(profile?.verdicts).toMatchObject({ block: 1 });
    expect(profile?.verdicts["allow"]).toBeGreaterThan(3);
    expect(profile?.rules).toContainEqual(
      expect.objectContaining({ rule: "quiet", decided: 1, place: expect.stringMatching(/policy\.mcprules:5:6$/) }),
    );
    expect(profile?.rules).toContainEqual(expect.objectContaining({ rule: "trial", shadow: 1, decided: 0 }));
    const { stdout, status } = mcprules("status", "--pid", String(pid));
    expect(status).toBe(0);
    expect(stdout).toContain(`policy    ${profile?.policy.revision}`);
    expect(stdout).toContain("server    own: ready, legacy");
    expect(stdout).toMatch(/rule {6}trial: in shadow 1/);
  });

  test("counts the restarts of servers, with why they ended", async () => {
    const { proxy, call } = await openScene();
    expect(await call("die")).toContain("5030");
    expect(await call("echo", { b: 1 })).toBe('{"b":1}');
    expect(statusOf(proxy).profiles[0]?.servers).toMatchObject([{ restarts: 1, lastError: "exited with code 3" }]);
  });

  test("says that a policy is stale, and why, with exit code 1", async () => {
    const { proxy, folder } = await openScene();
    folder.write("rules/policy.mcprules", `${POLICY}\nrule broken when tool x blok\n`);
    expect(await until(() => proxy.stderr().includes("the changed policy is refused"))).toBe(true);
    const { status, stdout } = mcprules("status", "--pid", String(proxy.process.pid));
    expect(status).toBe(1);
    expect(stdout).toContain("is refused:");
    expect(stdout).toContain("blok");
    expect(statusOf(proxy).profiles[0]?.policy).toMatchObject({
      isStale: true,
      error: expect.stringContaining("policy.mcprules:"),
      lastReload: expect.stringMatching(/Z$/),
    });
  });
});

describe("the page of operations", () => {
  const blocks = blocksOf("docs/operations.md");

  test("shows every field that status has", async () => {
    const { proxy, call } = await openScene();
    await call("echo", { secret: "x" });
    const block = blocks.find(({ words }) => words.includes("status"));
    expect(shapeOf(JSON.parse(block?.text ?? ""))).toEqual(shapeOf(statusOf(proxy)));
  });

  test("shows requests that are taken", async () => {
    const { proxy } = await openScene();
    const requests = blocks
      .filter(({ words }) => words.includes("request"))
      .map(({ text }) => JSON.parse(text) as object);
    expect(requests.map((request) => "command" in request && request.command)).toEqual(["status", "rollback", "tail"]);
    for (const request of requests) {
      const heard = await firstLine(runtime.at(`mcprules/${proxy.process.pid}.sock`), request);
      expect(heard).not.toContain("is not understood");
      // The page speaks of a revision and a server that are not here.
      expect(heard.startsWith('{"error"')).toBe("revision" in request || "filter" in request);
    }
  });
});

/** The names of all fields, and what stands in lists by its first entry. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== "object" || value === null) return "";
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, shapeOf(entry)]));
}

/** Nothing, where none comes for a while. */
async function firstLine(path: string, request: object): Promise<string> {
  const socket = createConnection(path);
  socket.write(`${JSON.stringify(request)}\n`);
  const heard = await Promise.race([
    once(createInterface({ input: socket }), "line"),
    delay("filter" in request ? 300 : 10_000, [""]),
  ]);
  socket.destroy();
  return String(heard[0]);
}

describe("rollback", () => {
  test("puts the policy before in force, until the files change again", async () => {
    const { proxy, folder, call } = await openScene();
    const first = statusOf(proxy).profiles[0]?.policy.revision ?? "";
    folder.write("rules/policy.mcprules", `${POLICY}\nrule all when tools/call * with a "*" block "Closed."\n`);
    expect(await until(() => proxy.stderr().includes("is in force (before:"))).toBe(true);
    const second = statusOf(proxy).profiles[0]?.policy.revision ?? "";
    expect(await call("echo", { a: 1 })).toContain("Closed.");

    const { stdout, status } = mcprules("rollback", "--pid", String(proxy.process.pid));
    expect(status).toBe(0);
    expect(stdout).toBe(`policy revision ${first} is in force again, until the files change (before: ${second})\n`);
    expect(await call("echo", { a: 1 })).toBe('{"a":1}');
    await delay(1200);
    expect(statusOf(proxy).profiles[0]?.policy).toMatchObject({
      revision: first,
      goneBackFrom: second,
      isStale: false,
    });
    expect(mcprules("status", "--pid", String(proxy.process.pid)).stdout).toContain(`the files hold ${second}`);
    expect(mcprules("rollback", "--pid", String(proxy.process.pid))).toMatchObject({
      status: 1,
      stderr: `error: there is no revision before this one; \`mcprules rollback ${second}\` leads to the newest\n`,
    });

    folder.write(
      "rules/policy.mcprules",
      `${POLICY}\nrule some when tools/call echo with a "*" block "Half closed."\n`,
    );
    expect(await until(() => proxy.stderr().match(/is in force \(before:/g)?.length === 2)).toBe(true);
    expect(await call("echo", { a: 1 })).toContain("Half closed.");
    expect(statusOf(proxy).profiles[0]?.policy).toMatchObject({ goneBackFrom: null });
    expect(mcprules("rollback", second.slice(0, 6), "--pid", String(proxy.process.pid)).status).toBe(0);
    expect(await call("echo", { a: 1 })).toContain("Closed.");
  }, 40_000);
});

describe("tail", () => {
  test("shows decisions as they are made: for people, or as JSON lines, filtered", async () => {
    const { proxy, call } = await openScene();
    const pid = String(proxy.process.pid);
    const lines = (...args: readonly string[]) => {
      const heard: string[] = [];
      const tail = spawn(process.execPath, [CLI, "tail", "--pid", pid, ...args], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      afterAll(() => tail.kill());
      let told = "";
      tail.stderr.on("data", (chunk: Buffer) => {
        told += chunk.toString();
      });
      createInterface({ input: tail.stdout }).on("line", (line) => heard.push(line));
      return { heard, told: () => told, exit: once(tail, "exit") };
    };
    const people = lines("--method", "tools/call");
    const blocked = lines("--json", "--verdict", "block");
    // Until both are there.
    for (const last = Date.now() + 15_000; Date.now() < last; await delay(100)) {
      if (people.heard.length > 0 && blocked.heard.length > 0) break;
      await call("echo", { secret: "x" });
    }
    await delay(200);
    expect(people.told()).toBe(`watching process ${pid}\n`);
    expect(mcprules("tail", "--pid", pid, "--server", "files")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("error: no server is called `files` here: there is `"),
    });
    people.heard.length = 0;
    blocked.heard.length = 0;
    await call("echo", { a: 1 });
    await call("echo", { secret: "x" });
    expect(await until(() => people.heard.length >= 3 && blocked.heard.length === 1)).toBe(true);
    expect(people.heard[0]).toMatch(/^\d\d:\d\d:\d\d allow {4}tools\/call echo on own/);
    expect(people.heard.at(-1)).toMatch(/block {4}tools\/call echo on own Keep it\. \(quiet .*policy\.mcprules:5:6\)/);
    expect(JSON.parse(blocked.heard[0] ?? "")).toMatchObject({
      event: "decision",
      verdict: "block",
      rule: "quiet",
      name: "echo",
      client: "e2e",
    });
    proxy.process.kill();
    expect((await people.exit)[0]).toBe(0);
  }, 40_000);
});

describe("which proxy", () => {
  test("has to be said where several run; one over stdio is one of them; none is said too", async () => {
    const none = mcprules("status");
    expect(none.status).toBe(1);
    expect(none.stderr).toContain("no proxy runs for this user");
    const folder = openFolder();
    folder.write("rules/policy.mcprules", POLICY);
    const { command, args } = ownServer();
    const client = await openRawClient(program("--rules", "rules", "--", command, ...args), folder.at("."));
    expect(textOf(await client.call("echo", { c: 1 }))).toBe('{"c":1}');
    expect(mcprules("status").stdout).toMatch(new RegExp(`process ${client.process.pid}, .*\\n\\nover stdio\\n`));

    const { proxy, folder: served } = await openScene();
    const several = mcprules("status");
    expect(several.status).toBe(2);
    expect(several.stderr).toContain("several proxies run");
    expect(several.stderr).toContain(`  ${proxy.process.pid}  ${served.at("servers.json")}, for own\n`);
    expect(several.stderr).toMatch(new RegExp(`^  ${client.process.pid}  no settings file, for .+$`, "m"));
    expect(statusOf(proxy).pid).toBe(proxy.process.pid);

    client.process.stdin.end();
    await client.exit;
    expect(mcprules("status", "--json").stdout).toContain(`"pid": ${proxy.process.pid}`);
  });

  test("that was killed leaves a socket behind, which the next one takes away", async () => {
    const { proxy } = await openScene();
    const sockets = (): readonly string[] => readdirSync(runtime.at("mcprules"));
    proxy.process.kill("SIGKILL");
    await once(proxy.process, "exit");
    expect(sockets()).toContain(`${proxy.process.pid}.sock`);
    expect(mcprules("status").status).toBe(1);
    const { proxy: next } = await openScene();
    expect(await until(() => existsSync(runtime.at(`mcprules/${next.process.pid}.sock`)))).toBe(true);
    expect(sockets()).not.toContain(`${proxy.process.pid}.sock`);
    next.process.kill();
    await once(next.process, "exit");
    expect(sockets()).not.toContain(`${next.process.pid}.sock`);
  });
});
