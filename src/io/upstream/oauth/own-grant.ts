// Tokens for the proxy itself, which the issuer knows by an id and a secret (OAuth 2.1, client credentials).
import type { ClientCredentialsProvider } from "@modelcontextprotocol/client";
import type { HttpServer } from "../../settings.ts";
import type { OAuthSettings } from "../../settings-oauth.ts";
import { carefulFetch } from "./careful-fetch.ts";
import type { Grant, Renewal } from "./grant.ts";

export class OwnGrant implements Grant {
  token: string | undefined;
  private readonly server: HttpServer;
  private readonly oauth: OAuthSettings;
  private provider: ClientCredentialsProvider | undefined;

  constructor(server: HttpServer, oauth: OAuthSettings) {
    this.server = server;
    this.oauth = oauth;
  }

  /** Nobody else has it. */
  look(): void {}

  /** Where the issuer is, is asked at the server's own origin only; no address in a response to a request is followed. */
  async renew(): Promise<Renewal> {
    const { auth, ClientCredentialsProvider } = await import("@modelcontextprotocol/client");
    const { issuer = "", client, scopes } = this.oauth;
    const scope = scopes.length === 0 ? {} : { scope: scopes.join(" ") };
    this.provider ??= new ClientCredentialsProvider({
      clientId: client?.id ?? "",
      clientSecret: client?.secret ?? "",
      clientName: "mcprules",
      expectedIssuer: issuer,
      ...scope,
    });
    try {
      await auth(this.provider, { serverUrl: this.server.url, fetchFn: carefulFetch, ...scope });
      this.token = this.provider.tokens()?.access_token;
      return { hasAsked: true, reason: undefined };
    } catch (error) {
      const { grantFailure } = await import("./grant-failure.ts");
      this.token = undefined;
      return { hasAsked: true, reason: `no token for it: ${grantFailure(error)}` };
    }
  }
}
