// Logging in at a server's issuer: what it is asked, who may come back, and what is left of it.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { logIn } from "../../../src/io/upstream/oauth/log-in.ts";
import { loginFile } from "../../../src/io/upstream/oauth/login-file.ts";
import { connectTo, enter, OAUTH, serverOf } from "./oauth-scene.ts";
import { agree, openIssuer } from "./oauth-server.ts";
import { call } from "./remote.ts";
import { until } from "../../until.ts";

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

  test("finds the metadata where the server says that it is, and asks for the scopes that it says", async () => {
    const issuer = await openIssuer({ metadata: "/elsewhere/metadata" });
    expect((await enter(issuer)).kind).toBe("logged-in");
    expect(issuer.asked.map(({ path }) => path)).toContain("/elsewhere/metadata");
    expect(issuer.asked.find(({ path }) => path === "/authorize")?.form["scope"]).toBe("first");
  });

  test("looks for the metadata at the server's own origin only", async () => {
    const other = await openIssuer();
    const issuer = await openIssuer({ metadata: `${other.url}/.well-known/oauth-protected-resource/mcp` });
    expect((await enter(issuer)).kind).toBe("logged-in");
    expect(other.asked).toEqual([]);
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
