// How the proxy gets in at servers that want OAuth tokens: the section `servers.NAME.oauth` of the settings.
import * as z from "zod";
import { isSafeUrl } from "../safe-url.ts";
import type { Environment } from "./expansion.ts";
import type { SettingsFault } from "./problem.ts";
import { shownVariable } from "./variables.ts";

export interface OAuthSettings {
  /** `authorization_code`: somebody logs in, once; `client_credentials`: the proxy is known to the issuer itself. */
  readonly grant: "authorization_code" | "client_credentials";
  /** The only one that tokens are got from. `undefined`: the one that the server names. */
  readonly issuer: string | undefined;
  /** As it is registered there. `undefined`: it registers itself when somebody logs in. */
  readonly client: { readonly id: string; readonly secret: string | undefined } | undefined;
  /** Empty: what the server asks for. */
  readonly scopes: readonly string[];
  /** Where the browser comes back to after a login, on the loopback; 0: any that is free. */
  readonly port: number;
}

const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

const client = z.strictObject({
  id: z.string().min(1),
  secret: z.strictObject({ env: z.string().min(1) }).optional(),
});

/** The field `oauth` of `servers.NAME`; `{}`: everything as the server says. */
export const oauthField = z
  .strictObject({
    grant: z.enum(["authorization_code", "client_credentials"]).default("authorization_code"),
    issuer: z
      .string()
      .refine(isSafeUrl, { error: () => "must be an `https` address, or one of this machine" })
      .optional(),
    client: client.optional(),
    scopes: z.array(z.string().regex(SCOPE, "must be one scope, such as `mcp`")).default([]),
    port: z.int().min(0).max(65_535).default(0),
  })
  .optional();

type OAuthValue = z.output<typeof oauthField>;

export function oauthOf(value: OAuthValue, environment: Environment): OAuthSettings | undefined {
  if (value === undefined) return undefined;
  const { grant, issuer, scopes, port } = value;
  const secretName = value.client?.secret?.env;
  const secret = secretName === undefined ? undefined : environment[secretName];
  return { grant, issuer, client: value.client && { id: value.client.id, secret }, scopes, port };
}

/** What of a server's entry matters here. */
interface Entry {
  readonly url?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface OAuthEntry {
  readonly name: string;
  readonly entry: Entry | undefined;
  readonly oauth: OAuthValue;
}

export function oauthFaults(servers: readonly OAuthEntry[], environment: Environment): readonly SettingsFault[] {
  return servers.flatMap(({ name, entry, oauth }) => {
    const at = ["mcprules", "servers", name, "oauth"];
    return faultsOf(entry, oauth, environment).map(([message, help]) => ({ at, isName: true, message, help }));
  });
}

type Fault = readonly [message: string, help: string];

function faultsOf(entry: Entry | undefined, oauth: OAuthValue, environment: Environment): readonly Fault[] {
  if (oauth === undefined || entry === undefined) return [];
  if (entry.url === undefined)
    return [["`oauth` is for a server with a `url`", "a server that is started takes `env`"]];
  return [...entryFaults(entry.url, entry.headers ?? {}), ...clientFaults(oauth, environment)];
}

function entryFaults(url: string, headers: Readonly<Record<string, string>>): readonly Fault[] {
  const isSaid = Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
  return [
    ...(isSaid ? [["`oauth` writes the header `Authorization` itself", "take it out of `headers`"] as const] : []),
    ...(isSafeUrl(url)
      ? []
      : [["`oauth` would send a token where others can read it", "the `url` must be `https`"] as const]),
  ];
}

function clientFaults(oauth: NonNullable<OAuthValue>, environment: Environment): readonly Fault[] {
  const secret = oauth.client?.secret?.env;
  if (secret !== undefined && (environment[secret] ?? "") === "")
    return [[`the environment variable ${shownVariable(secret)} is not set`, "it holds the secret of the client"]];
  const isLacking = oauth.grant === "client_credentials" && secret === undefined;
  if (isLacking) return [["`oauth` needs a `client` with a `secret`", "as the issuer knows it"]];
  const isLoose = secret !== undefined && oauth.issuer === undefined;
  return isLoose ? [["`oauth` needs an `issuer`", "so that the secret goes to nobody else"]] : [];
}
