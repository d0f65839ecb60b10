// `mcprules lock` and what hangs on it, from outside: real servers, and one of ours that changes.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { openFolder } from "../e2e/folder.ts";
import { referenceServer } from "../e2e/programs.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const OWN = fileURLToPath(new URL("../io/listing-server.mjs", import.meta.url));
const folder = openFolder();

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function mcprules(args: readonly string[], where = ".", env: Readonly<Record<string, string>> = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: folder.at(where),
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

function settings(servers: Readonly<Record<string, object>>, mcprules: object = {}): string {
  return JSON.stringify({ mcpServers: servers, mcprules });
}

function tools(...described: readonly (string | readonly [string, object])[]): Readonly<Record<string, string>> {
  const listed = described.map((one) => {
    const [name, more] = typeof one === "string" ? [one, {}] : one;
    return Object.assign({ name, inputSchema: { type: "object", properties: { path: { type: "string" } } } }, more);
  });
  return { TOOLS: JSON.stringify(listed) };
}

const EVOLVING = { command: process.execPath, args: [OWN], env: { TOOLS: "${TOOLS}", VERSION: "${VERSION:-1.0.0}" } };

describe("of real servers", () => {
  beforeAll(() => {
    mkdirSync(folder.at("real/projects"), { recursive: true });
    folder.write(
      "real/mcprules.json",
      settings(
        {
          files: referenceServer("filesystem", "projects"),
          everything: referenceServer("everything"),
          memory: referenceServer("memory"),
        },
        { rules: ["rules"] },
      ),
    );
    mcprules(["lock"], "real");
  });

  test("a second run changes nothing, and finds the servers as they were", { timeout: 60_000 }, () => {
    const before = folder.read("real/mcprules.lock");
    const { status, stdout, stderr } = mcprules(["lock"], "real");
    expect({ status, stderr }).toStrictEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(
      /^mcprules\.lock\n {2}everything {2}mcp-servers\/everything .*: \d+ tools, .*\n {2}files .*\n {2}memory .*\n$/,
    );
    expect(folder.read("real/mcprules.lock")).toBe(before);
    expect(mcprules(["lock", "--check"], "real")).toStrictEqual({
      status: 0,
      stderr: "",
      stdout: "The servers are as mcprules.lock says.\n",
    });
  });

  test("a policy that misspells their tools and arguments is told so", () => {
    folder.write(
      "real/rules/p.mcprules",
      `mcprules 1
default allow
rule inside
  when tools/call read_text_fle on files
  block
rule sum
  when tools/call get-sum on everything
  set a = "x"
rule text
  when tools/call write_file on files with contnet /secret/
  block
`,
    );
    for (const args of [
      ["check", "rules"],
      ["check", "--config", "mcprules.json", "rules"],
      ["test", "rules"],
    ]) {
      const { status, stderr } = mcprules(args, "real");
      expect(status).toBe(1);
      expect([...stderr.matchAll(/^(?:error|warning).*/gm)].map(([line]) => line)).toStrictEqual([
        "error[MR310]: no tool of `files` is called `read_text_fle`",
        'error[MR408]: `a` is set to `"x"`, which its schema does not admit',
        "error[MR516]: `write_file` has no argument `contnet`",
      ]);
      expect(stderr).toContain("= help: did you mean `read_text_file`?");
      expect(stderr).toContain("= help: did you mean `content`?");
    }
    const run = mcprules(["run"], "real");
    expect(run).toMatchObject({ status: 1, stderr: expect.stringContaining("no tool of `files` is called") });
    expect(mcprules(["fmt", "--check", "rules"], "real").stderr).not.toContain("MR310");
  });

  test("a test of a policy knows how they are defined", () => {
    folder.write(
      "real/rules/p.mcprules",
      `mcprules 1
default allow
rule no-changes "Nothing is changed."
  when tool * on files with annotations.readOnlyHint = false
  block
test "reading is open"
  send tools/call read_text_file {"path": "/x"}
  expect allow
  send tools/call write_file {"path": "/x", "content": "y"}
  expect block by no-changes
`,
    );
    expect(mcprules(["test", "rules"], "real")).toStrictEqual({
      status: 0,
      stderr: "",
      stdout: "1 passed, 0 failed\n",
    });
    expect(mcprules(["explain", "-", "--rules", "rules", "--json"], "real").status).toBe(1);
  });
});

describe("of a server that changes", () => {
  let first: Outcome | undefined;

  beforeAll(() => {
    folder.write("own/s.json", settings({ own: EVOLVING }));
    first = mcprules(["lock", "--config", "s.json"], "own", tools("a", "b"));
  });

  test("the first one says what there is", () => {
    expect(first).toStrictEqual({ status: 0, stderr: "", stdout: "mcprules.lock\n  own  listing 1.0.0: 2 tools\n" });
  });

  const later = { ...tools(["a", { description: "mails it" }], "c"), VERSION: "1.1.0" };

  test("`--check` says what is other, and writes nothing", () => {
    const before = folder.read("own/mcprules.lock");
    expect(mcprules(["lock", "--check", "--config", "s.json"], "own", later)).toStrictEqual({
      status: 1,
      stderr: "",
      stdout: `~ changed server own
    version: - "1.0.0" + "1.1.0"
~ changed tool a of own
    description: + "mails it"
- removed tool b of own
+ added   tool c of own

The servers are other than mcprules.lock says; \`mcprules lock\` writes it anew.
`,
    });
    expect(folder.read("own/mcprules.lock")).toBe(before);
  });

  test("`--json` says the same for programs", () => {
    const { status, stdout } = mcprules(["lock", "--check", "--json", "--config", "s.json"], "own", later);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toStrictEqual({
      lock: "mcprules.lock",
      servers: { own: { name: "listing", version: "1.1.0", things: { tool: 2, prompt: 0, resource: 0, template: 0 } } },
      changes: [
        { server: "own", change: "changed", differences: [{ path: "version", before: "1.0.0", after: "1.1.0" }] },
        {
          server: "own",
          thing: { kind: "tool", own: "a" },
          change: "changed",
          differences: [{ path: "description", after: "mails it" }],
        },
        { server: "own", thing: { kind: "tool", own: "b" }, change: "removed", differences: [] },
        { server: "own", thing: { kind: "tool", own: "c" }, change: "added", differences: [] },
      ],
      failed: [],
    });
  });

  test("without `--check` it is told too, and written", () => {
    const { status, stdout } = mcprules(["lock", "--config", "s.json"], "own", later);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^~ changed server own\n[\s\S]*\n\nmcprules\.lock\n {2}own {2}listing 1\.1\.0: 2 tools\n$/);
    expect(mcprules(["lock", "--check", "--config", "s.json"], "own", later).status).toBe(0);
  });
});

describe("of a server that cannot be asked", () => {
  const broken = { command: process.execPath, args: ["-e", "console.error('no key'); process.exit(4)"] };

  test("the others are written, it is told of, and the exit code is 1", () => {
    folder.write("gone/s.json", settings({ own: EVOLVING, gone: broken }));
    expect(mcprules(["lock", "--config", "s.json"], "gone", tools("a"))).toStrictEqual({
      status: 1,
      stderr: `error: the server \`gone\` cannot be asked what it has: exited with code 4
   | no key
   = help: the lock says nothing of it: rules about it are not checked against its tools
`,
      stdout: "mcprules.lock\n  own  listing 1.0.0: 1 tool\n",
    });
  });

  test("what the lock said of it stays, and what the settings name no more goes", () => {
    folder.write("gone/s.json", settings({ own: broken, other: EVOLVING }));
    const { status, stderr, stdout } = mcprules(["lock", "--config", "s.json"], "gone", tools("b"));
    expect(status).toBe(1);
    expect(stderr).toContain("= help: what the lock says of it stays as it was");
    expect(stdout).toBe(
      "+ added   server other\n\nmcprules.lock\n  other  listing 1.0.0: 1 tool\n  own    listing 1.0.0: 1 tool\n",
    );
  });

  test("of it no rule is refused", () => {
    folder.write("gone/s.json", settings({ own: EVOLVING, gone: broken }));
    folder.write("gone/p.mcprules", "mcprules 1\ndefault allow\nrule r\n  when tool nope on gone\n  block\n");
    expect(mcprules(["check", "--config", "s.json", "p.mcprules"], "gone", tools("a")).stderr).not.toContain("MR310");
  });
});

describe("without a settings file", () => {
  test("it is of the one server behind `--`, and lies here", () => {
    mkdirSync(folder.at("one"));
    const args = ["--", process.execPath, OWN];
    expect(mcprules(["lock", ...args], "one", tools("a"))).toMatchObject({
      status: 0,
      stdout: "mcprules.lock\n  server  listing 1.0.0: 1 tool\n",
    });
    folder.write("one/p.mcprules", 'mcprules 1\ndefault allow\nrule r\n  when tool b on "server"\n  block\n');
    expect(mcprules(["check", "p.mcprules"], "one").stderr).toContain("no tool of `server` is called `b`");
    expect(mcprules(["run", "--rules", "p.mcprules", ...args], "one", tools("a"))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("no tool of `server` is called `b`"),
    });
  });

  test("it lies with the rules it is for", () => {
    mkdirSync(folder.at("two/rules"), { recursive: true });
    mcprules(["lock", "--rules", "rules", "--name", "notes", "--", process.execPath, OWN], "two", tools("a"));
    expect(
      Object.keys((JSON.parse(folder.read("two/rules/mcprules.lock")) as { servers: object }).servers),
    ).toStrictEqual(["notes"]);
  });

  test.each([
    ["nothing to ask", ["lock"], 2, "there is no settings file here"],
    ["two ways to say what", ["lock", "--config", "s.json", "--", "x"], 2, "not both"],
    ["a command without `--`", ["lock", "x"], 2, "write `--` before the command"],
    ["nothing to compare with", ["lock", "--check", "--", "x"], 1, "there is no lock to compare with: `mcprules.lock`"],
  ])("%s", (_, args, status, told) => {
    mkdirSync(folder.at("bare"), { recursive: true });
    expect(mcprules(args, "bare")).toMatchObject({ status, stdout: "", stderr: expect.stringContaining(told) });
  });
});

describe("one that cannot be used", () => {
  beforeAll(() => {
    folder.write("bad/s.json", settings({ own: EVOLVING }, { rules: ["p.mcprules"] }));
    folder.write("bad/p.mcprules", "mcprules 1\n\ndefault allow\n");
    mcprules(["lock", "--config", "s.json"], "bad", tools("a"));
    writeFileSync(
      folder.at("bad/mcprules.lock"),
      `<<<<<<< ours\n${readFileSync(folder.at("bad/mcprules.lock"), "utf8")}`,
    );
  });

  test.each([
    ["check", "p.mcprules"],
    ["test", "p.mcprules"],
    ["run", "--config", "s.json"],
    ["lock", "--check", "--config", "s.json"],
  ])("is refused by `%s`", (...args) => {
    expect(mcprules(args, "bad", tools("a"))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("error: the lock cannot be used: it is no JSON\n  --> mcprules.lock:1:1"),
    });
  });

  test("is written anew", () => {
    expect(mcprules(["lock", "--config", "s.json"], "bad", tools("a"))).toMatchObject({ status: 0 });
    expect(mcprules(["lock", "--check", "--config", "s.json"], "bad", tools("a"))).toMatchObject({
      status: 0,
      stderr: "",
    });
    rmSync(folder.at("bad/mcprules.lock"));
  });
});
