// What `mcprules translate` can be asked for.

export interface TranslateRequest {
  readonly extract?: boolean;
  readonly fill?: boolean;
  readonly check?: boolean;
  readonly forget?: string;
  /** Language tags. */
  readonly to?: readonly string[];
  readonly using?: string;
  readonly fromLog?: string;
  readonly failUnder?: number;
  readonly config?: string;
  readonly rules?: readonly string[];
  readonly json?: boolean;
  readonly name: string;
  /** The one server to wrap; empty: those of the settings. */
  readonly command: readonly string[];
}
