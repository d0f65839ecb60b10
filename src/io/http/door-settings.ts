// What the settings say of the HTTP door: where it listens, whom it lets in, and how much it takes.

export interface ListenSettings {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Where MCP is served: `/mcp`. */
  readonly path: string;
  /** Names a client may call us by, with or without a port, besides `host` and those of the loopback. */
  readonly allowedHosts: readonly string[];
  /** Pages that may speak to us, such as `https://app.example`, besides those of the loopback when we listen there. */
  readonly allowedOrigins: readonly string[];
  /** Serve without tokens on an address that others can reach. */
  readonly anyone: boolean;
}

export interface AuthSettings {
  readonly bearer: readonly BearerSettings[];
  readonly jwt: JwtSettings | undefined;
}

export interface BearerSettings {
  readonly token: string;
  /** Whom it makes of its bearer; `undefined`: nobody in particular. */
  readonly user: string | undefined;
  readonly groups: readonly string[];
}

export interface JwtSettings {
  readonly issuer: string;
  readonly audience: string;
  /** Where the issuer's keys are. */
  readonly jwks: string;
  /** Names of claims. */
  readonly user: string;
  readonly groups: string;
  /** What a token must be good for, all of it. */
  readonly scopes: readonly string[];
}

export interface DoorLimits {
  /** Of one request's body, in bytes. */
  readonly httpBodyBytes: number;
  readonly depth: number;
  readonly inFlight: number;
  readonly sessions: number;
  /** How long a session lives that nobody uses. */
  readonly sessionIdleMs: number;
}
