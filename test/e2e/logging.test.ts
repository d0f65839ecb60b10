// Logs as users ask for them, with a real server behind the proxy: whole messages both ways, masked; lines that rules send somewhere; sinks that fail.
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { type Folder, openFolder } from "./folder.ts";
import { observe } from "./observed-proxy.ts";

const POLICY = `
default allow

let key = /AKIA[0-9A-Z]{16}/

rule mask
  when message
  redact $key as "***"

rule tenant
  when tool echo on own
  supply tenant = "tenant-4711"

rule small-pages
  when tools/call echo on own
  with limit > 5
  set limit = 5

rule no-crash
  when tools/call die on own
  with force true
  block "Not here."

rule no-slowness
  when tool slow on own
  block

rule payments
  when tools/call echo on own
  with to
  log warn to audit "{to} is paid"
`;

const KEY = "AKIAABCDEFGHIJKLMNOP";

type Line = Readonly<Record<string, unknown>>;

function lines(folder: Folder, name: string): readonly Line[] {
  return folder
    .read(name)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}

const SINKS = {
  all: { to: "all", form: ["decisions", "messages"] },
  calls: { to: "calls", form: "messages", filter: { method: "tools/call", from: "client" } },
  refused: { to: "refused", filter: { verdict: ["block", "drop"] } },
  audit: { to: "audit", filter: { method: "nothing" } },
};

test("whole messages are logged both ways, as they came and as they went on, and no secret is in any of them", async () => {
  const { folder, call, received, end } = await observe(POLICY, { log: { to: "log", sinks: SINKS } });
  await call("echo", { text: `key ${KEY}`, limit: 9 });
  await call("die", { force: true, text: KEY });
  await call("slow", { text: KEY });
  await end();
  expect(JSON.stringify(received())).toContain("tenant-4711");
  const texts = ["all", "calls", "refused", "audit", "log"].map((name) => folder.read(name)).join("");
  expect(texts).not.toContain(KEY);
  expect(texts).not.toContain("tenant-4711");
  const calls = lines(folder, "all").filter(({ method }) => method === "tools/call");
  expect(calls).toMatchObject([
    {
      event: "message",
      kind: "request",
      from: "client",
      verdict: "allow",
      name: "echo",
      id: 3,
      changedBy: ["mask", "small-pages", "tenant"],
      message: { params: { name: "echo", arguments: { text: "key ***", limit: 9 } } },
      sent: { params: { name: "echo", arguments: { text: "key ***", limit: 5, tenant: "***" } } },
    },
    {
      kind: "result",
      from: "server",
      id: 3,
      message: { result: { content: [{ text: expect.stringContaining('"text":"key ***"') as string }] } },
    },
    {
      kind: "request",
      verdict: "block",
      rule: "no-crash",
      id: 4,
      message: { params: { name: "die", arguments: { text: "***" } } },
    },
    {
      kind: "request",
      verdict: "block",
      rule: "no-slowness",
      id: 5,
      message: { params: { name: "slow", arguments: { text: "***" } } },
    },
  ]);
  expect(new Set(calls.map(({ session }) => session)).size).toBe(1);
  expect(lines(folder, "calls").map(({ kind }) => kind)).toEqual(["request", "request", "request"]);
  expect(lines(folder, "refused").filter(({ kind }) => kind === "request")).toMatchObject([
    { event: "decision", verdict: "block", name: "die" },
    { event: "decision", verdict: "block", name: "slow" },
  ]);
});

test("what a server writes to stderr is masked before it leaves", async () => {
  const sinks = { ...SINKS, ops: { to: "ops", form: "reports" } };
  const { folder, call, end } = await observe(POLICY, { log: { to: "log", sinks } }, openFolder(), ["mutter"]);
  // In one piece it would not come so far.
  await call("mutter", { pieces: ["using ", KEY.slice(0, 8), KEY.slice(8)] });
  await expect.poll(() => folder.read("ops")).toContain("using ***");
  await end();
  expect(folder.read("ops") + folder.read("log")).not.toContain(KEY);
});

test("a list is logged as the client gets it", async () => {
  const { folder, end } = await observe(POLICY, { log: { to: "log", sinks: SINKS } });
  await end();
  const list = lines(folder, "all").find(({ method, kind }) => method === "tools/list" && kind === "result");
  const echo: unknown = expect.objectContaining({ name: "echo" });
  const tools: unknown = expect.arrayContaining([echo]);
  expect(list).toMatchObject({ from: "server", id: 2, message: { result: { tools } } });
});

test("a line that a rule sends to a sink says which message it is about, and goes there only", async () => {
  const { folder, call, end } = await observe(POLICY, { log: { to: "log", sinks: SINKS } });
  await call("echo", { to: `ada ${KEY}` });
  await end();
  expect(lines(folder, "audit")).toMatchObject([
    {
      event: "log",
      level: "warn",
      rule: "payments",
      sink: "audit",
      method: "tools/call",
      from: "client",
      server: "own",
      name: "echo",
      msg: "ada *** is paid",
      revision: expect.stringMatching(/^[0-9a-f]{12}/) as string,
    },
  ]);
  for (const other of ["log", "all", "calls"]) expect(folder.read(other)).not.toContain("is paid");
});

test("a sink that the settings do not name is an error of the policy, at the start", async () => {
  const sinks = { audits: { to: "x" } };
  await expect(observe(POLICY, { log: { to: "log", sinks } })).rejects.toThrow("no sink is called `audit`");
  await expect(observe(POLICY, { log: { to: "log", sinks } })).rejects.toThrow("did you mean `audits`?");
});

test("a sink that cannot be opened refuses to start, and says which and why", async () => {
  const sinks = { audit: { to: "https://127.0.0.1:1/in" } };
  await expect(observe(POLICY, { log: { to: "log", sinks } })).rejects.toThrow(
    "the sink `audit`: connect ECONNREFUSED 127.0.0.1:1",
  );
});

test("a sink that hangs slows no message, and what it loses is said in the log", async () => {
  const server = createServer(() => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`;
  const sinks = { audit: { to, form: "messages", messageBytes: 1_000_000 } };
  const { folder, call, end } = await observe(POLICY, { log: { to: "log", sinks } });
  const text = "x".repeat(500_000);
  const began = performance.now();
  for (let round = 0; round < 20; round += 1) await call("echo", { text });
  const took = performance.now() - began;
  await end();
  server.closeAllConnections();
  server.close();
  expect(took).toBeLessThan(10_000);
  const said = lines(folder, "log").map(({ msg }) => String(msg));
  expect(said).toContainEqual(expect.stringMatching(/^the sink `audit` dropped \d+ lines$/));
}, 30_000);

test("the log goes to HTTP as JSON lines, while the server is real", async () => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    request.setEncoding("utf8").on("data", (chunk: string) => bodies.push(chunk));
    request.on("end", () => response.writeHead(200).end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`;
  const sinks = { audit: { to, filter: { name: "d*", from: "client" } } };
  const { call, end } = await observe(POLICY, { log: { to: "log", sinks } });
  await call("die");
  await call("echo");
  await end();
  server.close();
  const got = bodies.join("").trimEnd().split("\n");
  expect(got.map((line) => JSON.parse(line) as Line)).toMatchObject([{ event: "decision", name: "die" }]);
});
