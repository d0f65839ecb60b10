// `mcprules explain`, from outside: what it prints, as JSON too, and how it ends.
import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
let folder = "";

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "mcprules-explain-")));
  writeFileSync(join(folder, "policy.mcprules"), POLICY);
  writeFileSync(
    join(folder, "queued.mcprules"),
    'mcprules 1 default allow rule sure when tools/call page ask "Sure?" via queue',
  );
  writeFileSync(join(folder, "asked.mcprules"), 'mcprules 1 default allow rule sure when tools/call page ask "Sure?"');
  writeFileSync(join(folder, "hiding.mcprules"), HIDING);
  writeFileSync(join(folder, "servers.mcprules"), SERVERS);
  writeFileSync(join(folder, "unsound.mcprules"), "mcprules 1 default allow rule a when tool x blok");
  writeFileSync(join(folder, "warned.mcprules"), "mcprules 1 default allow let unused = 5");
  writeFileSync(join(folder, "tools.json"), JSON.stringify({ tools: TOOLS }));
  const list = { request: { method: "tools/list" }, result: { tools: TOOLS } };
  writeFileSync(join(folder, "list.json"), JSON.stringify(list));
  writeFileSync(
    join(folder, "call.json"),
    `{"method": "tools/call", "params": {"name": "page", "arguments": {"size": 9}}}`,
  );
  writeFileSync(
    join(folder, "reply.json"),
    `{"request": {"method": "tools/call", "params": {"name": "door"}}, "result": {"content": []}}`,
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("for people", () => {
  expect(explain("call.json", "--on", "files")).toStrictEqual({
    status: 0,
    stderr: "",
    stdout: `message   tools/call page on files, from the client
          {"method":"tools/call","params":{"name":"page","arguments":{"size":9}}}
matches   small policy.mcprules:3
            yes: tools/call page
            yes: where (size > 5)
            params.arguments.size: - 9 + 5
verdict   allow, by default
outcome   the server gets {"method":"tools/call","params":{"name":"page","arguments":{"size":5}}}
`,
  });
});

test("a hidden thing, by the catalogue of its server", () => {
  const rules = ["--rules", "hiding.mcprules", "--catalogue", "tools.json"];
  expect(explain("call.json", "--on", "files", ...rules).stdout)
    .toBe(`message   tools/call page on files, from the client
          {"method":"tools/call","params":{"name":"page","arguments":{"size":9}}}
matches   closed hiding.mcprules:6
            yes: tool page
            yes: with annotations.destructiveHint true, where it is true
hidden    tool page is hidden by closed hiding.mcprules:6:6
verdict   block, by closed, the tool is hidden
outcome   the client gets {"error":{"code":-32602,"message":"Unknown tool: page"}}
`);
});

test("a list: what became of each thing that a rule touched", () => {
  const { stdout } = explain("list.json", "--on", "files", "--rules", "hiding.mcprules");
  expect(stdout).toContain(`
hidden    tool page is hidden by closed hiding.mcprules:6:6
listed    tool door changed by titled (trial in shadow would block)
            title: + "A door"
verdict   allow
`);
});

test("a question that any way will do for: what a client gets, and what happens where it cannot", () => {
  const { stdout } = explain("call.json", "--rules", "asked.mcprules");
  expect(stdout).toContain('outcome   the client gets {"method":"elicitation/create"');
  expect(stdout).toContain("}, if it can show that; else the question waits in the queue, for `mcprules approve`\n");
});

test("a question in the queue: who decides, and that nobody gets anything yet", () => {
  const { stdout } = explain("call.json", "--rules", "queued.mcprules");
  expect(stdout).toContain("asked     Sure? sure: nobody has answered\nverdict   ask, by sure\n");
  expect(stdout).toContain(
    "outcome   nobody gets anything yet: the question waits in the queue, for `mcprules approve`\n",
  );
});

test.each([
  ["asked.mcprules", "else", "elicitation/create"],
  ["queued.mcprules", "always", undefined],
])("a question as JSON: what the client gets, and whether the queue has it (%s)", (rules, queue, method) => {
  const { stdout } = explain("call.json", "--json", "--rules", rules);
  const { request } = JSON.parse(stdout) as { readonly request: { readonly outcome: { readonly method?: string } } };
  expect(request).toMatchObject({ queue });
  expect(request.outcome.method).toBe(method);
});

describe("by the rules of the settings", () => {
  const settings = (mcprules: object): void => {
    const mcpServers = { files: { command: "x" } };
    writeFileSync(join(folder, "s.json"), JSON.stringify({ mcpServers, mcprules }));
  };

  test("that name them", () => {
    settings({ rules: ["policy.mcprules"] });
    expect(run("call.json", "--config", "s.json").stdout).toContain("matches   small policy.mcprules:3");
  });

  test("of the profile that the message came in by", () => {
    settings({ profiles: { dev: { rules: ["policy.mcprules"] }, asked: { rules: ["asked.mcprules"] } } });
    const by = (profile: string) => run("call.json", "--config", "s.json", "--profile", profile);
    expect(by("dev").stdout).toContain("verdict   allow");
    expect(by("asked").stdout).toContain("verdict   ask, by sure");
    expect(by("de")).toStrictEqual(run("call.json", "--config", "s.json"));
    expect(by("de")).toStrictEqual({
      status: 1,
      stdout: "",
      stderr:
        "error: the settings have profiles: say which one of them the message came in by, `--profile dev` or `--profile asked`\n",
    });
  });

  test("those that are given are taken instead, with what the settings know", () => {
    settings({ rules: ["policy.mcprules"] });
    const { status, stderr } = run("call.json", "--config", "s.json", "--rules", "servers.mcprules");
    expect([status, stderr]).toStrictEqual([1, expect.stringContaining("no server is called `github`")]);
  });

  test("without both, it is a wrong usage", () => {
    expect(run("call.json")).toMatchObject({ status: 2, stdout: "" });
  });
});

test("a rule in shadow says what it would have done", () => {
  const { stdout } = explain("reply.json", "--on", "files", "--rules", "hiding.mcprules");
  expect(stdout).toContain("matches   trial hiding.mcprules:3, in shadow: would block\n");
});

test("as JSON", () => {
  const { stdout } = explain("call.json", "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    request: {
      explanation: { method: "tools/call", tried: [{ rule: "small", truth: "yes" }], record: { changedBy: ["small"] } },
      outcome: { params: { arguments: { size: 5 } } },
    },
  });
});

test("as JSON, what is wrong with a policy stands in the one document", () => {
  const unsound = explain("call.json", "--json", "--rules", "unsound.mcprules");
  expect([unsound.stderr, unsound.status]).toStrictEqual(["", 1]);
  expect(JSON.parse(unsound.stdout)).toMatchObject({ diagnostics: [{ code: "MR201" }] });
  const warned = explain("call.json", "--json", "--rules", "warned.mcprules");
  expect([warned.stderr, warned.status]).toStrictEqual(["", 0]);
  expect(JSON.parse(warned.stdout)).toMatchObject({ diagnostics: [{ code: "MR552" }], request: {} });
});

test.each([
  ["nobody", [], "verdict   block"],
  ["staff", ["--group", "staff"], "verdict   allow, by staff"],
  ["a user, whole", ["--user", '{"id": "ada", "groups": ["staff"]}'], "verdict   allow, by staff"],
  ["a user by id, whose groups nobody knows", ["--user", "ada"], "verdict   block"],
])("for %s", (_, who, verdict) => {
  const { stdout, status } = explain("reply.json", ...who);
  expect(stdout).toContain(verdict);
  expect(stdout.includes("nothing comes back")).toBe(verdict.includes("block"));
  expect(status).toBe(0);
});

test.each([
  ["no file", ["none.json"], "none.json: there is no such file"],
  ["a folder", ["."], ". is a folder: a message is a JSON file with"],
  ["no catalogue", ["call.json", "--catalogue", "call.json"], "call.json: a catalogue is a JSON file with"],
  ["no message", ["policy.mcprules"], "policy.mcprules"],
  ["no time", ["call.json", "--now", "soon"], "`soon` is no point in time"],
  ["no user", ["call.json", "--user", "{}"], "`{}` is no user"],
  ["no policy", ["call.json", "--rules", "none"], "none: there is no such file or folder"],
])("%s is told, and ends with 1", (_, args, told) => {
  const { status, stdout, stderr } = explain(...args);
  expect(stderr).toContain(told);
  expect(stdout).toBe("");
  expect(status).toBe(1);
});

test("of several servers, which one it is for is taken to be unknown, and said", () => {
  const { status, stderr, stdout } = explain("call.json", "--rules", "servers.mcprules");
  expect(status).toBe(0);
  expect(stderr).toBe(
    "warning: it is taken to be for a server called `server`; `--on` says which: `files`, `github`\n",
  );
  expect(stdout).toContain("page on server");
  expect(explain("call.json", "--rules", "servers.mcprules", "--on", "files").stderr).toBe("");
  expect(explain("call.json", "--rules", "servers.mcprules", "--on", "elsewhere").stderr).toBe("");
  expect(explain("call.json", "--rules", "servers.mcprules", "--on", "fils").stderr).toBe(
    "warning: no rule names the server `fils`: did you mean `files`?\n",
  );
});

function explain(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const rules = args.includes("--rules") ? [] : ["--rules", "policy.mcprules"];
  return run(...args, ...rules);
}

function run(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const command = [join(ROOT, "dist/cli.js"), "explain", ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
  return { status, stdout, stderr };
}

const SERVERS = `mcprules 1
default allow
rule a when tools/call x on files block
rule b when tools/call x on github block
`;

const HIDING = `mcprules 1
default allow
rule trial in shadow
  when tools/call door
  block
rule closed
  when tool page with annotations.destructiveHint true
  block
rule titled
  when tool door
  set title = "A door"
`;

const TOOLS = [
  { name: "page", inputSchema: { type: "object" }, annotations: { destructiveHint: true } },
  { name: "door", inputSchema: { type: "object" } },
  { name: "plain", inputSchema: { type: "object" } },
];

const POLICY = `mcprules 1
default allow
rule small when tools/call page where (size > 5) set size = 5
rule staff when tool door on files for group staff allow
default block when tool door
`;
