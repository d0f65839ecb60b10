// `mcprules login`: somebody logs in at a server's issuer with a browser; the proxy keeps the tokens, and renews them.
import { spawn } from "node:child_process";
import type { HttpServer } from "../io/settings/settings.ts";
import { complainOf, settingsFor } from "./settings-for.ts";

export interface LoginRequest {
  /** As the settings call the server. */
  readonly server: string;
  readonly config?: string;
  /** False: the address is only printed. */
  readonly browser: boolean;
  /** The login that there is, is thrown away. */
  readonly forget?: boolean;
}

const PATIENCE_MS = 5 * 60_000;
/** After so long it is said what is waited for. */
const SLOW_MS = 2000;

/** The exit code: 0 logged in, or forgotten; 1 it failed; 2 there is no such server. */
export async function login({ server: name, config, browser, forget }: LoginRequest): Promise<number> {
  const request = { ...(config === undefined ? {} : { config }), name, command: [] };
  const settings = await settingsFor(request);
  if (typeof settings === "number") return settings;
  const server = settings.servers.find((one) => one.name === name);
  if (server === undefined) return complainOf(`error: no server is called \`${name}\``, 2);
  if (server.kind !== "http" || server.oauth === undefined) return complainOf(sayNoOAuth(name), 2);
  return forget === true ? throwAway(server, server.oauth) : goThrough(server, server.oauth, browser);
}

function sayNoOAuth(name: string): string {
  return `error: \`${name}\` has no \`oauth\` in the settings
   = help: \`"mcprules": {"servers": {"${name}": {"oauth": {}}}}\`, for a server with a \`url\``;
}

type OAuth = NonNullable<HttpServer["oauth"]>;

async function throwAway({ name, url }: HttpServer, { client }: OAuth): Promise<number> {
  const { forgetLogin, loginFile } = await import("../io/upstream/oauth/login-file.ts");
  const was = forgetLogin(loginFile(url, client?.id));
  process.stdout.write(
    was ? `The login at \`${name}\` is forgotten here.\n` : `Nobody was logged in at \`${name}\`.\n`,
  );
  return 0;
}

async function goThrough(server: HttpServer, oauth: OAuth, browser: boolean): Promise<number> {
  if (oauth.grant !== "authorization_code")
    return complainOf(`error: \`${server.name}\` needs no login: the proxy is known to its issuer`, 2);
  const [{ logIn }, { placeOf }] = await Promise.all([
    import("../io/upstream/oauth/log-in.ts"),
    import("../io/upstream/http-failure.ts"),
  ]);
  const place = placeOf(new URL(server.url));
  const patience = setTimeout(() => process.stderr.write(`${place} is asked how to log in, and is slow …\n`), SLOW_MS);
  const show = (url: URL): void => {
    clearTimeout(patience);
    process.stdout.write(`Log in to \`${server.name}\` in a browser on this machine:\n\n  ${url.href}\n\n`);
    if (browser) openBrowser(url);
  };
  const outcome = await logIn({ server, oauth, show, patienceMs: PATIENCE_MS });
  clearTimeout(patience);
  if (outcome.kind === "failed") return complainOf(`error: no login at \`${server.name}\`: ${outcome.reason}`, 1);
  process.stdout.write(
    `Logged in to \`${server.name}\`. The tokens are kept in ${outcome.file}, which only you can read.\n`,
  );
  return 0;
}

/** Never through a shell: the address is somebody else's word. Where there is no browser, it was printed. */
function openBrowser({ href }: URL): void {
  const [program, ...args] = BROWSERS[process.platform] ?? ["xdg-open"];
  if (program === undefined) return;
  const child = spawn(program, [...args, href], { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
}

const BROWSERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};
