// What the settings say of the store: where it is, how long it may take, and how much it holds.

export interface StoreSettings {
  /** Absent: the memory of this process. */
  readonly server?: RedisAddress | undefined;
  /** What every key begins with there. */
  readonly keyPrefix: string;
  /** What is not answered by then has failed. */
  readonly timeoutMs: number;
  /** A longer value is neither cached nor parked. */
  readonly valueBytes: number;
  /** Of the memory of this process: how much cached answers take, and how much parked results. */
  readonly memoryBytes: number;
}

/** A server that speaks Redis' protocol. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly isEncrypted: boolean;
  readonly database: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

export const STORE_DEFAULTS: StoreSettings = {
  keyPrefix: "mcprules:",
  timeoutMs: 500,
  valueBytes: 1024 * 1024,
  memoryBytes: 64 * 1024 * 1024,
};
