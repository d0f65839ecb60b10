// `mcprules modules` and `mcprules lock` where a module does not come up: as processes, for such a thing may end one without a word.
import { describe, expect, it } from "vitest";
import { folder, mcprules, OWN, settings, tools } from "../outside.ts";

const HOOKS = 'hooks: [{ events: ["tools/call"], phase: "request" }]';
const LISTED = `export const interceptors = [{ name: "v", type: "validation", ${HOOKS} }];\n`;
const FILES = { command: process.execPath, args: [OWN], env: tools("search") };

describe("a module that does not come up", () => {
  it.each([
    ["ends too soon", "\nexport const x = [;\n", "Unexpected token ';' (FILE:2)"],
    ["is CommonJS", "\nmodule.exports = {};\n", "module is not defined in ES module scope (FILE:2)"],
    ["imports what is not there", 'import "no-such-package";\n', "'no-such-package' imported from FILE\n"],
    ["imports a name that is not there", '\nimport { nope } from "node:fs";\n', "export named 'nope' (FILE:2)"],
    ["throws", '\n\nthrow new Error("not today");\n', "not today (FILE:3)"],
    ["throws after a while", '\nawait 0;\nthrow new Error("not today");\n', "not today (FILE:3)"],
    ["throws what is no error", 'throw "not today";\n', "not today (FILE)"],
    ["ends its thread", "process.exit(3);\n", "its thread ended"],
    ["waits for what never comes", "await new Promise(() => undefined);\n", "its thread ended"],
    ["exports nothing to ask", LISTED, "its file exports no function `invoke`"],
    ["exports nothing to list", "export function invoke() {}\n", "its file exports no list `interceptors`"],
  ])("because it %s is told of, with the line", (_, text, why) => {
    folder.write("m.mjs", text);
    folder.write("mcprules.json", settings({ files: FILES }, { modules: { m: { module: "./m.mjs" } } }));
    const { status, stdout } = mcprules(["modules"]);
    expect(stdout).toContain(why.replace("FILE", folder.at("m.mjs")));
    expect(stdout).toContain("down: ");
    expect(status).toBe(1);
  });

  it("is not looked for without settings, which nothing stands in for", () => {
    folder.write("empty/keep", "");
    const { status, stderr } = mcprules(["modules"], "empty");
    expect([status, stderr.split("\n").at(1)]).toEqual([2, "   = help: name one with `--config FILE`"]);
  });

  it("is one JSON document with `--json`, and keeps `lock` from nothing but its own part", () => {
    folder.write("m.mjs", "module.exports = {};\n");
    folder.write("mcprules.json", settings({ files: FILES }, { modules: { m: { module: "./m.mjs" } } }));
    const told = mcprules(["modules", "--json"]);
    const down = { kind: "down", reason: expect.stringContaining("m.mjs:1") as string };
    expect(JSON.parse(told.stdout)).toMatchObject({ modules: [{ name: "m", state: down, interceptors: [] }] });
    const locked = mcprules(["lock"]);
    expect(locked.stderr).toContain("m.mjs:1");
    expect(locked.stdout).toContain("1 tool");
    expect([told.status, locked.status]).toEqual([1, 1]);
  });
});

describe("a rule that calls a module", () => {
  it.each([
    ["lays nothing over what the settings keep", '{"threshold": 0}', 1, "error[MR315]"],
    ["may tell it what they leave to it", '{"label": "mail"}', 0, ""],
  ])("%s", (_, config, status, told) => {
    const m = { module: "./m.mjs", config: { threshold: 5 }, locked: ["threshold"] };
    folder.write("mcprules.json", settings({ files: FILES }, { modules: { m } }));
    folder.write("a.mcprules", `mcprules 1\ndefault allow\nrule r when tools/call search call m ${config}\n`);
    const checked = mcprules(["check", "a.mcprules", "--config", "mcprules.json"]);
    expect(checked.stdout + checked.stderr).toContain(told);
    expect(checked.status).toBe(status);
  });
});
