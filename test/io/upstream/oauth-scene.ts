// Somebody who logs in at an issuer of the test, and a proxy that uses the login; the files of both in a folder of their own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, vi } from "vitest";
import type { HttpServer } from "../../../src/io/settings/settings.ts";
import type { OAuthSettings } from "../../../src/io/settings/oauth.ts";
import { logIn, type LoginOutcome } from "../../../src/io/upstream/oauth/log-in.ts";
import { agree, type Issuer } from "./oauth-server.ts";
import { connect } from "./remote.ts";

export const OAUTH: OAuthSettings = {
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

export function serverOf({ serverUrl }: Issuer, oauth: Partial<OAuthSettings> = {}): HttpServer {
  const known = { headers: {}, root: undefined, home: undefined };
  return { kind: "http", name: "r", url: serverUrl, wire: "http", ...known, oauth: { ...OAUTH, ...oauth } };
}

/** `visit`: what whoever sees the page of the issuer does. */
export function enter(
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

export function connectTo(issuer: Issuer, oauth: Partial<OAuthSettings> = {}): ReturnType<typeof connect> {
  return connect(issuer.serverUrl, { oauth: { ...OAUTH, ...oauth } });
}

/** Where logins are kept, for this test. */
export function stateFolder(): string {
  return folder;
}
