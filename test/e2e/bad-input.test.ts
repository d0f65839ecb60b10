// Bad input gets a clear answer and loses nothing: from clients, from servers, and from those who write files.
import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import { ALLOW_ALL, openFolder } from "./folder.ts";
import { ownServer, type Program, proxy } from "./programs.ts";
import { openRawClient, type RawClient, textOf } from "./raw-client.ts";

const folder = openFolder();
folder.write("rules/policy.mcprules", ALLOW_ALL);
folder.write(
  "servers.json",
  JSON.stringify({
    mcpServers: { first: ownServer(), second: ownServer("other") },
    mcprules: { rules: ["rules"], limits: { messageBytes: 65_536, depth: 64 } },
  }),
);
const two = proxy("--config", "servers.json");

function connect(version?: string): Promise<RawClient> {
  return openRawClient(two, folder.at("."), version);
}

describe("a client", () => {
  let client: RawClient;
  beforeAll(async () => {
    client = await connect();
  });

  test.each([
    ["JSON that ends too early", '{"jsonrpc":"2.0","id":"x","method":"ping"', -32700],
    ["no JSON at all", "GET / HTTP/1.1", -32700],
    [
      "a text that is not UTF-8",
      Buffer.from('{"jsonrpc":"2.0","id":"x","method":"ping","params":{"a":"\xff"}}', "latin1"),
      -32700,
    ],
    ["something that is no message", '{"jsonrpc":"2.0","id":"x"}', -32600],
    ["a key twice", '{"jsonrpc":"2.0","id":"x","method":"tools/call","params":{"name":"echo","name":"die"}}', -32600],
    [
      "a key twice, deep inside",
      '{"jsonrpc":"2.0","id":"x","method":"tools/call","params":{"name":"echo","arguments":{"a":{"b":1,"b":2}}}}',
      -32600,
    ],
    [
      "a key twice, one of them escaped",
      '{"jsonrpc":"2.0","id":"x","method":"ping","meth\\u006fd":"tools/list"}',
      -32600,
    ],
    [
      "a line that is too long",
      `{"jsonrpc":"2.0","id":"x","method":"tools/call","params":{"name":"echo","arguments":{"t":"${"y".repeat(70_000)}"}}}`,
      -32600,
    ],
    [
      "brackets that are too deep",
      `{"jsonrpc":"2.0","id":"x","method":"tools/call","params":{"name":"echo","arguments":{"t":${"[".repeat(100)}${"]".repeat(100)}}}}`,
      -32600,
    ],
  ])("that sends %s is told so, and served on", async (_what, line, code) => {
    const before = client.call("slow", { ms: 150 });
    const seen = client.received.length;
    client.process.stdin.write(line);
    client.send("");
    const answer = await client.until(
      (message) => client.received.indexOf(message) >= seen && message.error !== undefined,
    );
    expect(answer.error?.code).toBe(code);
    expect(answer.error?.message).not.toBe("");
    expect([null, "x"]).toContain(answer.id);
    expect(textOf(await client.call("echo", { n: 1 }))).toBe('{"n":1}');
    expect(textOf(await before)).toBe("after 150");
  });

  test("that sends a batch, as 2025-03-26 allows, gets one", async () => {
    const old = await connect("2025-03-26");
    old.send([
      { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "slow", arguments: { ms: 50 } } },
      { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 99 } },
      { jsonrpc: "2.0", id: 2, method: "ping" },
      { jsonrpc: "2.0", id: 3 },
    ]);
    await old.request("ping");
    for (const last = Date.now() + 3000; Date.now() < last && !old.received.some(Array.isArray);)
      await old.request("ping");
    const batch = old.received.find((one): one is readonly [] => Array.isArray(one)) as readonly {
      readonly id: number;
    }[];
    expect(batch.map(({ id }) => id).sort((a, b) => a - b)).toEqual([1, 2, 3]);
    expect(batch.find(({ id }) => id === 3)).toMatchObject({ error: { code: -32600 } });
  });

  test("that sends a request and a reply in one is served on, and the log says what was dropped", async () => {
    client.send('{"jsonrpc":"2.0","id":"x","method":"ping","result":{}}');
    expect(textOf(await client.call("echo", { n: 1 }))).toBe('{"n":1}');
    await expect.poll(() => client.stderr()).toContain("a message was dropped");
  });

  test("that uses the same id again while it waits gets one answer for each", async () => {
    const slow = { jsonrpc: "2.0", id: 7, method: "tools/call", params: { name: "slow", arguments: { ms: 200 } } };
    client.send(slow);
    client.send({ ...slow, params: { name: "echo", arguments: {} } });
    await client.call("slow", { ms: 400 });
    const answers = client.received.filter((one) => "id" in one && one.id === 7);
    expect(answers).toMatchObject([
      { result: { content: [{ text: "{}" }] } },
      { result: { content: [{ text: "after 200" }] } },
    ]);
  });
});

describe("a server", () => {
  test("that dies in mid-call: its calls are answered, the other server's go on, and what is asked of it later waits until it is back", async () => {
    const client = await connect();
    const waiting = client.call("slow", { ms: 4000 });
    const other = client.call("other", { still: "here" });
    const died = await client.call("die");
    expect(died.error?.code).toBe(5030);
    expect((await waiting).error?.code).toBe(5030);
    expect(textOf(await other)).toBe('{"still":"here"}');
    expect(textOf(await client.call("echo"))).toBe("{}");
    expect(textOf(await client.call("other"))).toBe("{}");
    await expect.poll(() => client.stderr()).toContain("exited with code 3");
  });

  test("that prints rubbish on stdout is reported and loses nothing", async () => {
    const client = await connect();
    expect(textOf(await client.call("rubbish"))).toBe("done");
    expect(textOf(await client.call("echo", { n: 2 }))).toBe('{"n":2}');
    await expect.poll(() => client.stderr()).toContain('"server":"first"');
    expect(client.stderr()).toContain(
      "prints what is no MCP, which is dropped: `Listening on port 3000 …`; what is no MCP belongs on its stderr",
    );
    expect(client.stderr()).not.toContain("not JSON");
    expect(client.received.filter((one) => "id" in one && one.id === "nobody")).toEqual([]);
  });

  test(
    "that never answers the handshake is told of when clients are answered without it",
    { timeout: 30_000 },
    async () => {
      const mute = { command: process.execPath, args: ["-e", "setInterval(() => {}, 1e6)"] };
      folder.write("mute.json", JSON.stringify({ mcpServers: { mute }, mcprules: { rules: ["rules"] } }));
      const client = await openRawClient(proxy("--config", "mute.json"), folder.at("."));
      await expect
        .poll(() => client.stderr())
        .toContain("has not answered the handshake for 10 s; clients are answered without it");
    },
  );

  test("that answers twice is heard once", async () => {
    const client = await connect();
    expect(textOf(await client.call("twice"))).toBe("one");
    await client.call("echo");
    expect(client.received.filter((one) => "result" in one && textOf(one) === "two")).toEqual([]);
  });

  test("that answers more than the limit is refused for it", async () => {
    const client = await connect();
    const answer = await client.call("big", { bytes: 100_000 });
    expect(answer.result?.["isError"] === true || answer.error !== undefined).toBe(true);
    expect(textOf(await client.call("big", { bytes: 10 }))).toBe("x".repeat(10));
  });

  test("that cannot be started is reported, and the others serve", async () => {
    const missing = { command: "no-such-command-here", args: [] };
    folder.write(
      "half.json",
      JSON.stringify({ mcpServers: { missing, first: ownServer() }, mcprules: { rules: ["rules"] } }),
    );
    const client = await openRawClient(proxy("--config", "half.json"), folder.at("."));
    expect(textOf(await client.call("echo", { n: 3 }))).toBe('{"n":3}');
    await expect.poll(() => client.stderr()).toContain("there is no command `no-such-command-here`");
  });
});

describe("a file", () => {
  function start({ command, args }: Program): {
    readonly status: number | null;
    readonly stderr: string;
    readonly stdout: string;
  } {
    return spawnSync(command, [...args], { cwd: folder.at("."), encoding: "utf8", input: "", timeout: 10_000 });
  }

  test("of settings with a typo: the place, the cure, exit code 1", () => {
    folder.write("typo.json", '{\n  "mcpServers": {\n    "files": { "comand": "npx" }\n  }\n}\n');
    const { status, stderr, stdout } = start(proxy("--config", "typo.json", "--rules", "rules"));
    expect(status).toBe(1);
    expect(stderr).toContain("typo.json:3:16 at mcpServers.files.comand\n   = help: did you mean `command`?");
    expect(stdout).toBe("");
  });

  test("of rules with ten mistakes: all ten at once, exit code 1", () => {
    const mistakes = Array.from(
      { length: 10 },
      (_, index) => `rule r${index}\n  when tools/call x\n  with path "/a/**"\n  blok "no"\n`,
    );
    folder.write("ten.mcprules", `mcprules 1\ndefault allow\n\n${mistakes.join("\n")}`);
    const { status, stderr } = start(proxy("--config", "servers.json", "--rules", "ten.mcprules"));
    expect(status).toBe(1);
    const places = [...stderr.matchAll(/--> ten\.mcprules:(\d+):3/g)].map(([, line]) => Number(line));
    expect(places).toEqual(Array.from({ length: 10 }, (_, index) => 7 + index * 5));
  });

  test.each([
    ["no rules are named", ["--config", "bare.json"], "--rules PATH"],
    [
      "the rules are not there",
      ["--config", "bare.json", "--rules", "nowhere"],
      "nowhere: there is no such file or folder",
    ],
    ["the folder is empty", ["--config", "bare.json", "--rules", "empty"], "mcprules 1\ndefault allow\n"],
    ["the default is missing", ["--config", "bare.json", "--rules", "no-default.mcprules"], "default"],
    [
      "a test of the policy fails",
      ["--config", "bare.json", "--rules", "failing.mcprules"],
      'the test "nothing is blocked" fails',
    ],
    ["a server could change the rules", ["--rules", "rules", "--", "sh", "-c", "cat", "."], "trustServers"],
  ])("of rules: when %s, nothing starts, and it says what to do", (_what, args, cure) => {
    folder.write("bare.json", JSON.stringify({ mcpServers: { first: ownServer() } }));
    folder.write("empty/README.md", "no rules here");
    folder.write("no-default.mcprules", "mcprules 1\n\nrule r when tool x block\n");
    folder.write(
      "failing.mcprules",
      `${ALLOW_ALL}\nrule r when tools/call x block\n\ntest "nothing is blocked"\n  send tools/call x\n  expect allow\n`,
    );
    const { status, stderr } = start(proxy(...args));
    expect(status).toBe(1);
    expect(stderr).toContain(cure);
  });

  test.each([
    [["--config"]],
    [["--confg", "servers.json"]],
    [["--rules", "rules", "npx", "some-server"].concat("extra")],
    [["--config", "servers.json", "--", "npx", "x"]],
    [["--name", "my server", "--rules", "rules", "--", "npx", "x"]],
  ])("wrong usage is exit code 2: %j", (args) => {
    expect(start(proxy(...args)).status).toBe(2);
  });

  test("no settings at all is wrong usage too, and says what to write", () => {
    const { status, stderr } = start({ ...proxy(), args: [...proxy().args] });
    expect(status).toBe(2);
    expect(stderr).toContain("--config FILE");
  });
});
