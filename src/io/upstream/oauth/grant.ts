// How tokens are got from an issuer: what the ways that there are have in common.

export interface Grant {
  readonly token: string | undefined;
  /** Gets another one in place of `refused`. `undefined`: it is there; otherwise why not, for people. */
  renew(refused: string | undefined): Promise<string | undefined>;
}
