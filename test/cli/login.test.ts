// `mcprules login`, from outside: what it prints while somebody logs in with a browser, and how it ends.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { agree, openIssuer } from "../io/upstream/oauth-server.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "mcprules-login-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function settings(url: string, oauth: object | undefined): void {
  const servers = oauth === undefined ? {} : { far: { oauth } };
  const text = JSON.stringify({ mcpServers: { far: { url }, near: { command: "x" } }, mcprules: { servers } });
  writeFileSync(join(folder, "mcp.json"), text);
}

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

/** `visit`: what somebody does with the address that is printed. */
async function login(words: readonly string[], visit: (page: URL) => unknown = () => undefined): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, "login", "--no-browser", ...words], {
    cwd: folder,
    env: { ...process.env, XDG_STATE_HOME: join(folder, "state") },
  });
  let said = "";
  let isVisited = false;
  const hear = (chunk: Buffer): void => {
    said += chunk.toString();
    const page = /^ {2}(http\S+)\n/m.exec(said)?.[1];
    if (page === undefined || isVisited) return;
    isVisited = true;
    void visit(new URL(page));
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, said };
}

test("prints where to log in, keeps what comes of it, and forgets it again", async () => {
  const issuer = await openIssuer();
  settings(issuer.serverUrl, {});
  const { code, said } = await login(["far"], agree);
  expect([code, said]).toEqual([0, expect.stringMatching(/^Log in to `far` in a browser[^]*^Logged in to `far`\./m)]);
  const [, file = ""] = /kept in (\S+), which only you can read/.exec(said) ?? [];
  expect(existsSync(file)).toBe(true);
  expect(await login(["far", "--forget"])).toEqual({ code: 0, said: "The login at `far` is forgotten here.\n" });
  expect(existsSync(file)).toBe(false);
  expect((await login(["far", "--forget"])).said).toBe("Nobody was logged in at `far`.\n");
});

test("says why there is no login", async () => {
  const issuer = await openIssuer({ iss: "https://evil.example" });
  settings(issuer.serverUrl, {});
  const { code, said } = await login(["far"], agree);
  expect([code, said]).toEqual([1, expect.stringContaining("error: no login at `far`: Issuer mismatch")]);
});

test.each([
  ["nobody", {}, "no server is called `nobody`"],
  ["near", {}, '`near` has no `oauth` in the settings\n   = help: `"mcprules"'],
  ["far", undefined, "`far` has no `oauth` in the settings"],
])("%s with %j is wrong usage", async (name, oauth, message) => {
  settings("https://mcp.example/mcp", oauth);
  const { code, said } = await login([name]);
  expect([code, said]).toEqual([2, expect.stringContaining(message)]);
});
