// Tokens for the proxy itself, which the issuer knows by an id and a secret (OAuth 2.1, client credentials).
import type { ClientCredentialsProvider } from "@modelcontextprotocol/client";
import type { HttpServer } from "../../settings/settings.ts";
import type { OAuthSettings } from "../../settings/oauth.ts";
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

  async renew(): Promise<Renewal> {
    const { auth, ClientCredentialsProvider } = await import("@modelcontextprotocol/client");
    const { issuer = "", client } = this.oauth;
    this.provider ??= new ClientCredentialsProvider({
      clientId: client?.id ?? "",
      clientSecret: client?.secret ?? "",
      clientName: "mcprules",
      expectedIssuer: issuer,
    });
    try {
      const { beginAt } = await import("./challenge.ts");
      await auth(this.provider, await beginAt(this.server, this.oauth));
      this.token = this.provider.tokens()?.access_token;
      return { hasAsked: true, reason: undefined };
    } catch (error) {
      const { grantFailure } = await import("./grant-failure.ts");
      this.token = undefined;
      return { hasAsked: true, reason: `no token for it: ${grantFailure(error)}` };
    }
  }
}
