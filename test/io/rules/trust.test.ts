// Nothing that comes over MCP can change the policy: which arguments of a server reach it, wherever links lead.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exposuresOf } from "../../../src/io/rules/trust.ts";

let folder: string;
const at = (path: string): string => join(folder, path);

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "mcprules-trust-")));
  for (const path of ["home/rules/sub", "home/work", "srv/real", "links", "rules-old"])
    mkdirSync(at(path), { recursive: true });
  writeFileSync(at("home/servers.json"), "");
  writeFileSync(at("home/rules/a.mcprules"), "");
  writeFileSync(at("home/rules/server.mjs"), "");
  symlinkSync(at("home"), at("links/home"));
  symlinkSync(at("srv/real"), at("links/rules"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function isExposed(args: readonly string[], cwd = "home"): boolean {
  const env = { WORK: "work/.." };
  const server = {
    kind: "process",
    name: "s",
    command: "x",
    args,
    env,
    cwd: at(cwd),
    root: "",
    home: at("home"),
  } as const;
  const paths = ["home/servers.json", "home/mcprules.lock", "home/rules", "links/rules"].map(at);
  return exposuresOf([server], { paths, folders: [at("home/rules")] }).length > 0;
}

test.each([
  ["the rules root itself", () => [at("home/rules")]],
  ["a folder above it", () => [at("home")]],
  ["everything", () => ["/"]],
  ["a relative path", () => ["."]],
  ["a relative path upwards", () => ["work/.."]],
  ["a link to a folder above", () => [at("links/home")]],
  ["the place a root's link leads to", () => [at("srv")]],
  ["the place a root's link stands in", () => [at("links")]],
  ["the settings file", () => ["servers.json"]],
  ["the lock, before it is there", () => ["mcprules.lock"]],
  ["a folder below the rules, where a file would become policy", () => [at("home/rules/sub")]],
  ["a value of an option", () => ["-v", `--root=${at("home")}`]],
  ["one of several", () => [`${at("srv/real/x")}:${at("home")}:/data`]],
  ["a file URL", () => [pathToFileURL(at("home")).href]],
  ["the home, which the server looks up itself", () => ["~"], "links"],
  ["a folder below the home", () => ["~/rules"], "links"],
  ["the home, in an option", () => ["--root=~"], "links"],
  ["the home, one of several", () => ["/data:~", "/data,~/rules/sub"], "links"],
  ["the home by its variable", () => ["$HOME"], "links"],
  ["the home by its variable, in braces and an option", () => ["--root=${HOME}/rules"], "links"],
  ["a variable of the server's own", () => ["$WORK"]],
  ["a path inside the text of a command", () => ["-c", `node serve.js ${at("home")}`], "links"],
  ["a quoted path there", () => ["-c", `exec node serve.js "${at("home")}" --fast`], "links"],
  ["an option there", () => ["-c", `node serve.js --root=${at("home")};true`], "links"],
  ["the home there", () => ["-c", "node serve.js ~"], "links"],
  ["the home by its variable there", () => ["-c", 'node serve.js "${HOME}"/rules'], "links"],
  ["a folder that is gone into there", () => ["-c", `(cd ${at("home")}) && serve .`], "links"],
  ["a file URL there", () => ["-c", `serve ${pathToFileURL(at("home")).href}`], "links"],
  ["everything there", () => ["-c", "serve /"], "links"],
  ["a relative path there", () => ["-c", "serve rules"]],
  ["doubled slashes and dots", () => [`${at("home/work")}//..///./rules/`]],
] satisfies readonly (readonly [string, () => readonly string[], string?])[])(
  "%s is reached",
  (_what, args, cwd?: string) => {
    expect(isExposed(args(), cwd)).toBe(true);
  },
);

test.each([
  ["a folder beside the rules", () => [at("home/work")]],
  ["a name that only begins the same", () => [at("rules-old"), at("home/rule")]],
  ["a program that lies among the rules", () => [at("home/rules/server.mjs")]],
  ["words and packages", () => ["-y", "@modelcontextprotocol/server-everything@1.0", "stdio", "--port=80", ""]],
  ["an address", () => ["https://example.com/home"]],
  ["another user's home, and one in the middle of a word", () => ["~other/rules", "a~"]],
  ["a folder beside the rules, of the home", () => ["~/work", "-c", "serve ~/work $HOME/work"]],
  ["a variable that nothing is known of", () => ["$NOBODY/x", "-c", "serve $NOBODY"]],
  [
    "a program as an argument",
    () => ["-e", "// a comment\nconst half = 'a/b'.replace(/(a)/g, '') // a https://x.example/"],
  ],
])("%s is not", (_what, args) => {
  expect(isExposed(args())).toBe(false);
});
