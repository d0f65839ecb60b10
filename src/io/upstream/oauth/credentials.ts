// The token that requests to one server show, and another one when the server does not take it any more.
import type { HttpServer } from "../../settings/settings.ts";
import type { OAuthSettings } from "../../settings/oauth.ts";
import type { Grant } from "./grant.ts";
import { OwnGrant } from "./own-grant.ts";
import { StoredGrant } from "./stored-grant.ts";

export interface Credentials {
  /** `undefined`: there is none, or none yet. */
  readonly token: string | undefined;
  /** Why there is none that the server takes: what to do, for people. */
  readonly complaint: string;
  /** `refused`: the token that the server did not take. True: there is another one now. Never rejects. */
  renew(refused: string | undefined): Promise<boolean>;
}

export function openCredentials(server: HttpServer, oauth: OAuthSettings): Credentials {
  const grant = oauth.grant === "client_credentials" ? new OwnGrant(server, oauth) : new StoredGrant(server, oauth);
  return new KeptCredentials(grant);
}

/** For so long nobody asks an issuer again that has just answered, in milliseconds: who refuses fresh tokens wants other ones. */
const PAUSE_MS = 5000;

/** All requests share one token: of those that are refused at once, one asks for another. */
class KeptCredentials implements Credentials {
  complaint = "it wants another token";
  private readonly grant: Grant;
  private renewing: Promise<boolean> | undefined;
  private askedAt = Number.NEGATIVE_INFINITY;

  constructor(grant: Grant) {
    this.grant = grant;
  }

  get token(): string | undefined {
    return this.grant.token;
  }

  renew(refused: string | undefined): Promise<boolean> {
    // Somebody was faster.
    if (this.token !== undefined && this.token !== refused) return Promise.resolve(true);
    if (performance.now() - this.askedAt < PAUSE_MS) {
      this.grant.look();
      return Promise.resolve(this.token !== undefined && this.token !== refused);
    }
    this.renewing ??= this.askFor(refused).finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  private async askFor(refused: string | undefined): Promise<boolean> {
    const { hasAsked, reason } = await this.grant.renew(refused);
    if (hasAsked) this.askedAt = performance.now();
    this.complaint = reason ?? "it does not take the token that was just issued";
    return reason === undefined;
  }
}
