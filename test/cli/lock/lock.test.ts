// `mcprules lock` and what hangs on it, from outside: real servers, and one of ours that changes.
import { mkdirSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { referenceServer } from "../../e2e/programs.ts";
import { EVOLVING, folder, mcprules, settings, tools, type Outcome } from "../outside.ts";

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
      "+ added   server other\n\nmcprules.lock\n  other  listing 1.0.0: 1 tool\n  own    listing 1.0.0: 1 tool (as before: not asked)\n",
    );
  });

  test("`--check` never says that all is as it was", () => {
    folder.write("gone/s.json", settings({ own: broken, other: EVOLVING }));
    const check = ["lock", "--check", "--config", "s.json"];
    expect(mcprules(check, "gone", tools("b"))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("the server `own` cannot be asked what it has"),
      stdout: "1 of 2 servers could not be compared.\n",
    });
    expect(mcprules(check, "gone", tools("b", "c"))).toMatchObject({
      status: 1,
      stdout: `+ added   tool c of other

The servers are other than mcprules.lock says; \`mcprules lock\` writes it anew.
1 of 2 servers could not be compared.
`,
    });
  });

  test("the only one is not told of as if it had been asked", () => {
    const only = ["lock", "--rules", ".", "--", "nosuchcmd"];
    expect(mcprules(only, "gone")).toMatchObject({
      status: 1,
      stdout:
        "mcprules.lock\n  other  listing 1.0.0: 1 tool (as before: not asked)\n  own    listing 1.0.0: 1 tool (as before: not asked)\n",
    });
    expect(mcprules([...only.slice(0, 1), "--check", ...only.slice(1)], "gone")).toMatchObject({
      status: 1,
      stdout: "1 of 1 servers could not be compared.\n",
    });
  });

  test("of it no rule is refused", () => {
    folder.write("gone/s.json", settings({ own: EVOLVING, gone: broken }));
    folder.write("gone/p.mcprules", "mcprules 1\ndefault allow\nrule r\n  when tool nope on gone\n  block\n");
    mcprules(["lock", "--config", "s.json"], "gone", tools("a"));
    for (const args of [["--config", "s.json"], []]) {
      const { status, stderr } = mcprules(["check", ...args, "p.mcprules"], "gone", tools("a"));
      expect({ status, stderr }).toStrictEqual({ status: 0, stderr: expect.not.stringContaining("error") });
    }
  });
});
