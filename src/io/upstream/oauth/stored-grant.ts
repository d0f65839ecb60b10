// Tokens from a login that somebody made with `mcprules login`, renewed where it was made for as long as its issuer likes.
import type { HttpServer } from "../../settings/settings.ts";
import type { OAuthSettings } from "../../settings/oauth.ts";
import { carefulFetch } from "./careful-fetch.ts";
import type { Grant, Renewal } from "./grant.ts";
import { type Login, loginFile, readLogin, writeLogin } from "./login-file.ts";
import { alone } from "./login-lock.ts";

/** What a login that has ended is refused with (RFC 6749, 5.2). */
const INVALID_GRANT = "invalid_grant";

export class StoredGrant implements Grant {
  private readonly server: HttpServer;
  private readonly oauth: OAuthSettings;
  private readonly file: string;
  private login: Login | undefined;
  private fault = "";

  constructor(server: HttpServer, oauth: OAuthSettings) {
    this.server = server;
    this.oauth = oauth;
    this.file = loginFile(server.url, oauth.client?.id);
    this.look();
  }

  get token(): string | undefined {
    return this.login?.tokens.access_token;
  }

  renew(refused: string | undefined): Promise<Renewal> {
    return alone(this.file, () => this.renewAlone(refused));
  }

  private async renewAlone(refused: string | undefined): Promise<Renewal> {
    // Another proxy may have renewed it, or somebody logged in again.
    this.look();
    const { login } = this;
    if (login === undefined) return { hasAsked: false, reason: this.fault };
    const { access_token: token, refresh_token: refreshToken } = login.tokens;
    if (token !== refused) return { hasAsked: false, reason: undefined };
    if (refreshToken === undefined) return { hasAsked: false, reason: this.askForLogin("the login has expired") };
    return { hasAsked: true, reason: await this.refresh(login, refreshToken) };
  }

  look(): void {
    const { name, url } = this.server;
    const reading = readLogin(this.file, url);
    this.login = reading.kind === "login" && this.isFromIssuer(reading.login) ? reading.login : undefined;
    if (reading.kind === "unusable") this.fault = `the login at \`${name}\` cannot be used: ${reading.reason}`;
    else
      this.fault = this.askForLogin(reading.kind === "none" ? "nobody is logged in" : "the login is of another issuer");
  }

  private askForLogin(why: string): string {
    return `${why}: \`mcprules login ${this.server.name}\``;
  }

  private isFromIssuer({ discovery: { authorizationServerMetadata, authorizationServerUrl } }: Login): boolean {
    const { issuer } = this.oauth;
    const found = authorizationServerMetadata?.issuer ?? authorizationServerUrl;
    return issuer === undefined || withoutSlash(issuer) === withoutSlash(found);
  }

  /** Only where the tokens are from, as it was found then: nothing is looked up again. `undefined`: it is done. */
  private async refresh(login: Login, refreshToken: string): Promise<string | undefined> {
    const { refreshAuthorization, OAuthError } = await import("@modelcontextprotocol/client");
    const { authorizationServerUrl, authorizationServerMetadata: metadata, resourceMetadata } = login.discovery;
    const resource = resourceMetadata?.resource;
    try {
      const tokens = await refreshAuthorization(authorizationServerUrl, {
        ...(metadata === undefined ? {} : { metadata }),
        ...(resource === undefined ? {} : { resource }),
        clientInformation: withSecret(login.client, this.oauth),
        refreshToken,
        fetchFn: carefulFetch,
      });
      this.login = { ...login, tokens: { ...login.tokens, ...tokens } };
      writeLogin(this.file, this.login);
      return undefined;
    } catch (error) {
      const isOver = error instanceof OAuthError && error.code === INVALID_GRANT;
      const { grantFailure } = await import("./grant-failure.ts");
      return isOver ? this.askForLogin("the login has expired") : `the login cannot be renewed: ${grantFailure(error)}`;
    }
  }
}

/** An issuer's address is often written with a slash too many. */
function withoutSlash(issuer: string): string {
  return issuer.replace(/\/$/, "");
}

/** The secret of the settings stays there. */
function withSecret(client: Login["client"], { client: registered }: OAuthSettings): Login["client"] {
  return registered?.secret === undefined ? client : { ...client, client_secret: registered.secret };
}
