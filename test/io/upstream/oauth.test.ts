// Servers that want OAuth tokens: tokens that are renewed unseen, and everything that may go wrong with them.
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { OAuthSettings } from "../../../src/io/settings/oauth.ts";
import { loginFile } from "../../../src/io/upstream/oauth/login-file.ts";
import { connectTo, enter, stateFolder } from "./oauth-scene.ts";
import { type Issuer, openIssuer } from "./oauth-server.ts";
import { call } from "./remote.ts";
import { until } from "../../until.ts";

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
    expect(readdirSync(join(stateFolder(), "mcprules", "logins"))).toHaveLength(1);
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
    const { sendAlone, heard, happened } = connectTo(issuer);
    sendAlone(call(1));
    await until(() => happened.length === 1);
    expect(happened).toEqual([
      `1 unanswered: ${issuer.serverUrl} answered 401: the login has expired: \`mcprules login r\``,
    ]);
    await enter(issuer);
    sendAlone(call(2));
    await until(() => heard.length === 1);
    expect(happened).toHaveLength(1);
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

test.each([
  [
    'Bearer error="insufficient_scope", scope="files:write mcp"',
    /403: its token is not good for `files:write mcp`: name/,
  ],
  [undefined, /403: its token may not do that$/],
])("a token that is not good for what is asked is not renewed: %s", async (challenge, said) => {
  const issuer = await openIssuer({ forbids: challenge ?? "nothing" });
  await enter(issuer);
  const { sendAlone, happened } = connectTo(issuer);
  sendAlone(call(1));
  await until(() => happened.length === 1);
  expect(happened[0]).toMatch(said);
  expect(issuer.asked.filter(({ form }) => form["grant_type"] === "refresh_token")).toEqual([]);
});

test("a request that nobody waits for is not made again once there is another token", async () => {
  const issuer = await openIssuer({ slowness: 200 });
  await enter(issuer);
  issuer.expire();
  const { end, sendAlone, heard, happened } = connectTo(issuer);
  sendAlone(call(1));
  await until(() => issuer.asked.at(-1)?.form["grant_type"] === "refresh_token");
  end.channel?.abandon?.("1");
  sendAlone(call(2));
  await until(() => heard.length === 1);
  await delay(50);
  expect(heard.map(([about]) => about)).toEqual(["2"]);
  expect([happened, issuer.shown.length]).toEqual([[], 3]);
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
    expect(existsSync(join(stateFolder(), "mcprules"))).toBe(false);
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
