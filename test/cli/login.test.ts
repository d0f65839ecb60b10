// `mcprules login`, from outside: what it prints while somebody logs in with a browser, and how it ends.
import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { freePort } from "../free-port.ts";
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

describe("says what to do where", () => {
  const answering = (answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> =>
    new Promise((resolve) => {
      const server = createServer(answer).listen(0, "127.0.0.1", () => {
        resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
      });
      onTestFinished(() => {
        server.closeAllConnections();
        server.close();
      });
    });
  const failing = async (url: string, oauth: object = {}): Promise<string> => {
    settings(url, oauth);
    const { code, said } = await login(["far"]);
    expect(code).toBe(1);
    return said;
  };

  test("nothing listens", async () => {
    const port = await freePort();
    expect(await failing(`http://127.0.0.1:${port}/mcp?key=s3cr3t`)).toBe(
      `error: no login at \`far\`: nothing listens at 127.0.0.1:${port}: is the server running?\n`,
    );
  });

  test("the server knows nothing of OAuth", async () => {
    const url = await answering((_, response) => response.writeHead(404).end());
    expect(await failing(`${url}?key=s3cr3t`)).toBe(
      `error: no login at \`far\`: ${url} publishes no OAuth metadata: is the \`url\` right, does it want OAuth at all?
   = help: register the proxy there, and name its id: \`"oauth": {"client": {"id": "…"}}\`
`,
    );
  });

  test("the issuer registers nobody", async () => {
    const { url } = await openIssuer();
    const own = await answering((request, response) => {
      const path = request.url ?? "";
      const at = `http://${request.headers.host ?? ""}`;
      const isMetadata = path.startsWith("/.well-known/oauth-authorization-server");
      const metadata = {
        issuer: at,
        authorization_endpoint: `${url}/a`,
        token_endpoint: `${url}/t`,
        response_types_supported: ["code"],
      };
      response.writeHead(isMetadata ? 200 : 404, { "content-type": "application/json" });
      response.end(JSON.stringify(isMetadata ? metadata : {}));
    });
    expect(await failing(own)).toContain(
      `the proxy is not known to the issuer ${new URL(own).origin}: it registers nobody by itself\n   = help: register the proxy there, and name its id`,
    );
  });

  test("the server is silent, which is said meanwhile", { timeout: 30_000 }, async () => {
    const url = await answering(() => undefined);
    expect(await failing(url)).toBe(
      `${url} is asked how to log in, and is slow …\nerror: no login at \`far\`: ${url} did not answer within 15 s\n`,
    );
  });

  test("the port to come back to is taken", async () => {
    const url = await answering((_, response) => response.writeHead(404).end());
    const port = Number(new URL(url).port);
    expect(await failing(url, { port })).toContain(`another program listens at 127.0.0.1:${port}`);
  });
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
