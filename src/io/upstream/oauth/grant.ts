// How tokens are got from an issuer: what the ways that there are have in common.

export interface Grant {
  readonly token: string | undefined;
  /** Sees whether somebody else has got another one, without asking anybody. */
  look(): void;
  /** Gets another one in place of `refused`. Never rejects. */
  renew(refused: string | undefined): Promise<Renewal>;
}

export interface Renewal {
  /** The issuer was asked for it. */
  readonly hasAsked: boolean;
  /** Why there is none, for people; `undefined`: it is there. */
  readonly reason: string | undefined;
}
