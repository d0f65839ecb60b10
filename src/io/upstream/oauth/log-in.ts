// A login at a server's issuer, through the browser of whoever asks for it (OAuth 2.1, authorization code with PKCE).
import {
  auth,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
} from "@modelcontextprotocol/client";
import type { HttpServer } from "../../settings/settings.ts";
import { isSafeUrl } from "../../safe-url.ts";
import type { OAuthSettings } from "../../settings/oauth.ts";
import { type CallbackDoor, openCallbackDoor } from "./callback.ts";
import { beginAt } from "./challenge.ts";
import { grantFailure } from "./grant-failure.ts";
import { loginFile, writeLogin } from "./login-file.ts";
import { registrationFailure } from "./registration-failure.ts";

export interface LoginOptions {
  readonly server: HttpServer;
  readonly oauth: OAuthSettings;
  /** Shows the page of the issuer to somebody. */
  readonly show: (url: URL) => void;
  /** Milliseconds until the door is closed. */
  readonly patienceMs: number;
}

/** The file that holds it now, or why there is none. */
export type LoginOutcome =
  | { readonly kind: "logged-in"; readonly file: string }
  | { readonly kind: "failed"; readonly reason: string };

export async function logIn(options: LoginOptions): Promise<LoginOutcome> {
  const { server, oauth, patienceMs } = options;
  let door: CallbackDoor | undefined;
  let timer: NodeJS.Timeout | undefined;
  let visit: Visit | undefined;
  try {
    door = await openCallbackDoor(oauth.port);
    timer = setTimeout(door.close, patienceMs);
    visit = new Visit(options, door);
    const question = await beginAt(server, oauth);
    await auth(visit, { ...question, forceReauthorization: true });
    const { code, iss } = await door.answer;
    await auth(visit, { ...question, authorizationCode: code, ...(iss === undefined ? {} : { iss }) });
    return { kind: "logged-in", file: visit.save() };
  } catch (error) {
    return { kind: "failed", reason: visit?.sayUnregistered(error) ?? grantFailure(error) };
  } finally {
    clearTimeout(timer);
    door?.close();
  }
}

/** One login from its first step to its last; nothing of it is kept before it is done. */
class Visit implements OAuthClientProvider {
  readonly redirectUrl: string;
  private readonly options: LoginOptions;
  private readonly door: CallbackDoor;
  private client: StoredOAuthClientInformation | undefined;
  private held: StoredOAuthTokens | undefined;
  private discovery: OAuthDiscoveryState | undefined;
  private verifier = "";

  constructor(options: LoginOptions, door: CallbackDoor) {
    this.options = options;
    this.door = door;
    this.redirectUrl = door.url;
    const { client, issuer } = options.oauth;
    if (client === undefined) return;
    const { id, secret } = client;
    this.client = {
      client_id: id,
      ...(secret === undefined ? {} : { client_secret: secret }),
      ...(issuer === undefined ? {} : { issuer }),
    };
  }

  get clientMetadata(): OAuthClientProvider["clientMetadata"] {
    return {
      client_name: "mcprules",
      redirect_uris: [this.redirectUrl],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
      application_type: "native",
    };
  }

  state(): string {
    return this.door.state;
  }

  clientInformation(): StoredOAuthClientInformation | undefined {
    return this.client;
  }

  saveClientInformation(client: StoredOAuthClientInformation): void {
    this.client = client;
  }

  tokens(): StoredOAuthTokens | undefined {
    return this.held;
  }

  saveTokens(tokens: StoredOAuthTokens): void {
    this.held = tokens;
  }

  codeVerifier(): string {
    return this.verifier;
  }

  saveCodeVerifier(verifier: string): void {
    this.verifier = verifier;
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.discovery;
  }

  /** Another issuer than the settings name gets neither a question nor a secret. */
  saveDiscoveryState(state: OAuthDiscoveryState): void {
    const { issuer } = this.options.oauth;
    const found = state.authorizationServerMetadata?.issuer ?? state.authorizationServerUrl;
    if (issuer !== undefined && issuer.replace(/\/$/, "") !== found.replace(/\/$/, ""))
      throw new Error(`the server names the issuer ${found}, and the settings ${issuer}`);
    this.discovery = state;
  }

  /** What went wrong before the proxy was known to the issuer, and what to do; `undefined`: it went wrong elsewhere. */
  sayUnregistered(error: unknown): string | undefined {
    const { discovery } = this;
    if (discovery === undefined || this.client !== undefined) return undefined;
    return registrationFailure(this.options.server.url, discovery, error);
  }

  /** The address is the issuer's word, and goes to a browser: `file:` and worse do not. */
  redirectToAuthorization(url: URL): void {
    if (!isSafeUrl(url.href)) throw new Error(`the issuer's page is neither \`https\` nor on this machine`);
    this.options.show(url);
  }

  /** The secret of the settings stays there. */
  save(): string {
    const { server, oauth } = this.options;
    if (this.held === undefined || this.client === undefined || this.discovery === undefined)
      throw new Error("the issuer gave no token");
    const client = oauth.client === undefined ? this.client : { client_id: oauth.client.id };
    const file = loginFile(server.url, oauth.client?.id);
    writeLogin(file, { url: server.url, tokens: this.held, client, discovery: this.discovery });
    return file;
  }
}
