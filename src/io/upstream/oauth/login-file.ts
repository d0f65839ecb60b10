// A login at one server, kept between runs in a file that nobody else can read.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type {
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from "@modelcontextprotocol/client";
import { replaceFile } from "../../replace-file.ts";
import { codeOf } from "../../thrown.ts";

export interface Login {
  /** Of the server that it is for. */
  readonly url: string;
  readonly tokens: StoredOAuthTokens;
  readonly client: StoredOAuthClientInformation;
  /** Where the tokens came from, and come from again. */
  readonly discovery: OAuthDiscoveryState;
}

export type LoginReading =
  | { readonly kind: "login"; readonly login: Login }
  | { readonly kind: "none" }
  /** `reason`: one clause, and what to do. */
  | { readonly kind: "unusable"; readonly reason: string };

type Environment = Readonly<Record<string, string | undefined>>;

/** One for each server and client, whichever settings file names them. */
export function loginFile(url: string, clientId: string | undefined, environment: Environment = process.env): string {
  const home = environment["HOME"] ?? homedir();
  const state = environment["XDG_STATE_HOME"] ?? join(home, ".local", "state");
  const digest = createHash("sha256")
    .update(`${url}\n${clientId ?? ""}`)
    .digest("hex")
    .slice(0, 16);
  return join(state, "mcprules", "logins", `${new URL(url).hostname.replaceAll(/[^\w.-]/g, "")}-${digest}.json`);
}

export function readLogin(file: string, url: string): LoginReading {
  let text: string;
  try {
    if (isOpenToOthers(file)) return { kind: "unusable", reason: `others can read ${file}: \`chmod 600\` it` };
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return { kind: "none" };
    return { kind: "unusable", reason: `${file} cannot be read: ${String(error)}` };
  }
  const login = loginIn(text);
  if (login?.url !== url) return { kind: "unusable", reason: `${file} holds no login at this server` };
  return { kind: "login", login };
}

/** Whole or not at all. */
export function writeLogin(file: string, login: Login): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  replaceFile(file, JSON.stringify(login), 0o600);
}

/** False: there was none. */
export function forgetLogin(file: string): boolean {
  try {
    rmSync(file);
    return true;
  } catch {
    return false;
  }
}

const OTHERS = 0o077;

/** Windows has no such modes: there the folder of the user is closed to others. */
function isOpenToOthers(file: string): boolean {
  return process.platform !== "win32" && (statSync(file).mode & OTHERS) !== 0;
}

/** It was written here; but a disk may be full, and a hand busy. */
function loginIn(text: string): Login | undefined {
  try {
    const login = JSON.parse(text) as Partial<Login> | null;
    const isWhole =
      typeof login?.url === "string" &&
      typeof login.tokens?.access_token === "string" &&
      typeof login.client?.client_id === "string" &&
      typeof login.discovery?.authorizationServerUrl === "string";
    return isWhole ? (login as Login) : undefined;
  } catch {
    return undefined;
  }
}
