// Servers that want OAuth tokens: logging in once, tokens that are renewed unseen, and everything that may go wrong with them.
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { HttpServer } from "../../../src/io/settings.ts";
import type { OAuthSettings } from "../../../src/io/settings-oauth.ts";
import { logIn, type LoginOutcome } from "../../../src/io/upstream/oauth/log-in.ts";
import { loginFile } from "../../../src/io/upstream/oauth/login-file.ts";
import { agree, type Issuer, openIssuer } from "./oauth-server.ts";
import { call, connect, until } from "./remote.ts";

const OAUTH: OAuthSettings = {
  grant: "authorization_code",
  issuer: undefined,
  client: undefined,
  scopes: [],
  port: 0,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mcprules-oauth-"));
  vi.stubEnv("XDG_STATE_HOME", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function serverOf({ serverUrl }: Issuer, oauth: Partial<OAuthSettings> = {}): HttpServer {
  const known = { headers: {}, root: undefined, home: undefined };
  return { kind: "http", name: "r", url: serverUrl, wire: "http", ...known, oauth: { ...OAUTH, ...oauth } };
}

/** `visit`: what whoever sees the page of the issuer does. */
function enter(
  issuer: Issuer,
  oauth: Partial<OAuthSettings> = {},
  visit: (page: URL) => unknown = agree,
): Promise<LoginOutcome> {
  const settings = { ...OAUTH, ...oauth };
  return logIn({
    server: serverOf(issuer, oauth),
    oauth: settings,
    show: (page) => void visit(page),
    patienceMs: 3000,
  });
}

function connectTo(issuer: Issuer, oauth: Partial<OAuthSettings> = {}): ReturnType<typeof connect> {
  return connect(issuer.serverUrl, { oauth: { ...OAUTH, ...oauth } });
}

describe("a login", () => {
  test("leaves the tokens in a file that nobody else can read, and shows them to the server", async () => {
    const issuer = await openIssuer();
    const outcome = await enter(issuer);
    const file = loginFile(issuer.serverUrl, undefined);
    expect(outcome).toEqual({ kind: "logged-in", file });
    expect([statSync(file).mode & 0o777, statSync(join(file, "..")).mode & 0o777]).toEqual([0o600, 0o700]);
    const { sendAlone, heard } = connectTo(issuer);
    sendAlone(call(1));
    await until(() => heard.length === 1);
    expect(heard).toEqual([["1", { jsonrpc: "2.0", id: 1, result: { shown: true } }]]);
    expect(issuer.shown).toEqual([expect.stringMatching(/^access-/)]);
  });

  test("says who asks, for what, and proves that it is the same who comes back", async () => {
    const issuer = await openIssuer();
    await enter(issuer, { scopes: ["mcp", "more"] });
    const question = issuer.asked.find(({ path }) => path === "/authorize");
    expect(question?.form).toMatchObject({
      client_id: "registered",
      code_challenge_method: "S256",
      resource: issuer.serverUrl,
      scope: "mcp more",
    });
    expect(question?.form["redirect_uri"]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    expect(question?.form["state"]).toHaveLength(43);
    const registration = issuer.asked.find(({ path }) => path === "/register");
    expect(registration?.form).toMatchObject({ application_type: '"native"', token_endpoint_auth_method: '"none"' });
    expect(issuer.asked.find(({ path }) => path === "/token")?.form["resource"]).toBe(issuer.serverUrl);
  });

  test("with a client that is registered keeps its secret out of the file", async () => {
    const issuer = await openIssuer();
    const client = { id: "known", secret: "s3cr3t-of-the-settings" };
    expect((await enter(issuer, { client, issuer: issuer.url })).kind).toBe("logged-in");
    expect(issuer.asked.map(({ path }) => path)).not.toContain("/register");
    expect(readFileSync(loginFile(issuer.serverUrl, "known"), "utf8")).not.toContain("s3cr3t");
  });

  test.each<[string, (page: URL) => unknown]>([
    ["with another state", (page) => back(page, { state: "other" })],
    ["without a state", (page) => back(page, { state: undefined })],
    ["at another path", (page) => back(page, {}, "/other")],
  ])("takes no answer %s", async (_, visit) => {
    const issuer = await openIssuer();
    const answers: number[] = [];
    const outcome = await enter(issuer, {}, async (page) => {
      const response = (await visit(page)) as Response;
      answers.push(response.status);
      await agree(page);
    });
    expect(answers).toEqual([400]);
    expect(outcome.kind).toBe("logged-in");
  });

  test.each([
    ["somebody says no", {}, {}, (page: URL) => back(page, { error: "access_denied" }), "`access_denied`"],
    ["another issuer answers (RFC 9207)", { iss: "https://evil.example" }, {}, agree, /^Issuer mismatch/],
    [
      "the server names another issuer",
      {},
      { issuer: "https://id.example" },
      agree,
      "and the settings https://id.example",
    ],
    ["the issuer calls itself another", { issuer: "https://other.example" }, {}, agree, /issuer/i],
    ["the page is no page", { authorizationEndpoint: "file:///bin/sh" }, {}, agree, /file:|https/],
    ["the code is another", {}, {}, (page: URL) => back(page, { code: "guessed" }), "`invalid_grant`"],
  ] as const)("fails where %s, and leaves nothing behind", async (_, manners, oauth, visit, reason) => {
    const issuer = await openIssuer(manners);
    const outcome = await enter(issuer, oauth, visit);
    expect(outcome).toEqual({ kind: "failed", reason: expect.stringMatching(reason) as string });
    expect(existsSync(loginFile(issuer.serverUrl, undefined))).toBe(false);
  });

  test("ends when nobody comes back for long", async () => {
    const issuer = await openIssuer();
    const oauth = OAUTH;
    const show = (): void => undefined;
    const outcome = await logIn({ server: serverOf(issuer), oauth, show, patienceMs: 100 });
    expect(outcome).toEqual({ kind: "failed", reason: "nobody came back" });
  });
});

describe("a token that the server takes no more", () => {
  test("is renewed once for all who wait, and the requests are made again", async () => {
    const issuer = await openIssuer();
    await enter(issuer);
    issuer.expire();
    const { sendAlone, heard, happened } = connectTo(issuer);
    for (let id = 1; id <= 5; id++) sendAlone(call(id));
    await until(() => heard.length === 5);
    expect(happened).toEqual([]);
    expect(issuer.asked.filter(({ form }) => form["grant_type"] === "refresh_token")).toHaveLength(1);
    expect(new Set(issuer.shown).size).toBe(2);
    const kept = readFileSync(loginFile(issuer.serverUrl, undefined), "utf8");
    expect(kept).toContain(issuer.shown.at(-1));
  });

  test("was renewed by another proxy: its file is read, and the issuer left alone", async () => {
    const issuer = await openIssuer();
    await enter(issuer);
    const { sendAlone, heard } = connectTo(issuer);
    sendAlone(call(1));
    await until(() => heard.length === 1);
    issuer.expire();
    await enter(issuer);
    const before = issuer.asked.length;
    sendAlone(call(2));
    await until(() => heard.length === 2);
    expect(issuer.asked).toHaveLength(before);
  });

  test("is renewed by one of several proxies that find out at once", async () => {
    const issuer = await openIssuer();
    await enter(issuer);
    issuer.expire();
    const proxies = [connectTo(issuer), connectTo(issuer), connectTo(issuer)];
    for (const { sendAlone } of proxies) sendAlone(call(1));
    await until(() => proxies.every(({ heard }) => heard.length === 1));
    expect(issuer.asked.filter(({ form }) => form["grant_type"] === "refresh_token")).toHaveLength(1);
    expect(readdirSync(join(folder, "mcprules", "logins"))).toHaveLength(1);
  });

  test("is renewed all the same where another proxy died while it renewed", async () => {
    const issuer = await openIssuer();
    await enter(issuer);
    issuer.expire();
    const lock = `${loginFile(issuer.serverUrl, undefined)}.lock`;
    writeFileSync(lock, "");
    utimesSync(lock, 0, 0);
    const { sendAlone, heard } = connectTo(issuer);
    sendAlone(call(1));
    await until(() => heard.length === 1);
    expect(existsSync(lock)).toBe(false);
  });

  test("and cannot be renewed, wants a login, and says so", async () => {
    const issuer = await openIssuer();
    await enter(issuer);
    issuer.expire();
    issuer.revoke();
    const { sendAlone, happened } = connectTo(issuer);
    sendAlone(call(1));
    await until(() => happened.length === 1);
    expect(happened).toEqual([
      `1 unanswered: ${issuer.serverUrl} answered 401: the login has expired: \`mcprules login r\``,
    ]);
  });

  test("is not renewed again and again where fresh ones are refused too", async () => {
    const issuer = await openIssuer({ isClosed: true });
    await enter(issuer);
    const { sendAlone, happened } = connectTo(issuer);
    for (let id = 1; id <= 3; id++) {
      sendAlone(call(id));
      await until(() => happened.length === id);
    }
    expect(happened.at(-1)).toMatch(/^3 unanswered: .* 401: it does not take the token that was just issued$/);
    expect(issuer.asked.filter(({ form }) => form["grant_type"] === "refresh_token")).toHaveLength(1);
  });
});

describe("without a login that can be used", () => {
  test.each<[string, (file: string, issuer: Issuer) => unknown, Partial<OAuthSettings>, RegExp]>([
    ["nobody has logged in", (file) => rmSync(file), {}, /nobody is logged in: `mcprules login r`$/],
    ["others can read the file", (file) => chmodSync(file, 0o644), {}, /others can read .*: `chmod 600` it$/],
    ["the file is no login", (file) => writeFileSync(file, "{}"), {}, /holds no login at this server$/],
    ["it is of another issuer", () => undefined, { issuer: "https://id.example" }, /the login is of another issuer/],
  ])("because %s, no token is shown", async (_, harm, oauth, said) => {
    const issuer = await openIssuer();
    await enter(issuer);
    harm(loginFile(issuer.serverUrl, undefined), issuer);
    const { sendAlone, happened } = connectTo(issuer, oauth);
    sendAlone(call(1));
    await until(() => happened.length === 1);
    expect(happened[0]).toMatch(said);
    expect(issuer.shown).toEqual(["none"]);
  });
});

describe("a proxy that its issuer knows", () => {
  const client = { id: "proxy", secret: "its secret" };
  const grant = "client_credentials" as const;

  test("gets tokens by itself, when they are needed, and keeps them to itself", async () => {
    const issuer = await openIssuer({ client });
    const { sendAlone, heard } = connectTo(issuer, { grant, client, issuer: issuer.url, scopes: ["mcp"] });
    sendAlone(call(1));
    await until(() => heard.length === 1);
    issuer.expire();
    expect(issuer.shown).toEqual(["none", expect.stringMatching(/^access-/)]);
    expect(issuer.asked.find(({ path }) => path === "/token")?.form).toMatchObject({
      grant_type: "client_credentials",
      resource: issuer.serverUrl,
      scope: "mcp",
    });
    expect(existsSync(join(folder, "mcprules"))).toBe(false);
  });

  test("shows its secret to no other", async () => {
    const issuer = await openIssuer({ client });
    const { sendAlone, happened } = connectTo(issuer, { grant, client, issuer: "https://id.example" });
    sendAlone(call(1));
    await until(() => happened.length === 1);
    expect(happened[0]).toMatch(/^1 unanswered: .* answered 401: no token for it: /);
    expect(issuer.asked.map(({ path }) => path)).not.toContain("/token");
  });
});

/** Comes back from the page of the issuer as it likes. */
async function back(page: URL, changed: Record<string, string | undefined>, path = "/callback"): Promise<Response> {
  const asked = page.searchParams;
  const url = new URL(path, asked.get("redirect_uri") ?? "");
  const said = {
    iss: page.origin,
    code: changed["error"] === undefined ? "code" : undefined,
    state: asked.get("state") ?? "",
    ...changed,
  };
  for (const [name, value] of Object.entries(said)) if (value !== undefined) url.searchParams.set(name, value);
  return fetch(url);
}
