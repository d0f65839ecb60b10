// What proxies remember between messages, and where: the section `store` of the settings.
import * as z from "zod";
import { STORE_DEFAULTS, type RedisAddress, type StoreSettings } from "../store/store-settings.ts";

export const storeSchema = z.strictObject({
  url: z
    .string()
    .refine((url) => addressOf(url) !== undefined, {
      error: () =>
        "must be an address such as `redis://127.0.0.1:6379`, or `rediss://USER:PASSWORD@HOST:PORT/0` with TLS; " +
        "in a password, `%40` stands for `@`, `%2F` for `/`, and so on",
    })
    .optional(),
  keyPrefix: z
    .string()
    .regex(/^[\x21-\x7e]{0,64}$/, "must be up to 64 characters without spaces")
    .default(STORE_DEFAULTS.keyPrefix),
  timeoutMs: z.int().min(10).max(60_000).default(STORE_DEFAULTS.timeoutMs),
  valueBytes: z.int().min(1024).max(0x4000000).default(STORE_DEFAULTS.valueBytes),
  memoryBytes: z.int().min(0x10000).max(0x1000000000).default(STORE_DEFAULTS.memoryBytes),
});

export function storeOf({ url, ...rest }: z.output<typeof storeSchema>): StoreSettings {
  return { ...rest, server: url === undefined ? undefined : addressOf(url) };
}

const DEFAULT_PORT = 6379;

/** `undefined`: it is no such address. */
function addressOf(text: string): RedisAddress | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, pathname, search, hash, username, password } = new URL(text);
  const [, database] = /^\/?(\d{0,5})$/.exec(pathname) ?? [];
  const isKnown = protocol === "redis:" || protocol === "rediss:";
  if (!isKnown || hostname === "" || database === undefined || search !== "" || hash !== "") return undefined;
  return {
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: port === "" ? DEFAULT_PORT : Number(port),
    isEncrypted: protocol === "rediss:",
    database: Number(database),
    user: decoded(username),
    password: decoded(password),
  };
}

/** What is not written as in an address is taken as it is. */
function decoded(text: string): string | undefined {
  if (text === "") return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
