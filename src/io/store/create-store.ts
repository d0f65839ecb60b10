// The store that the settings ask for: the memory of this process, or a server that several proxies share.
import type { SealKey } from "../seal.ts";
import type { Report } from "./redis-connection.ts";
import type { Store } from "./store.ts";
import { STORE_DEFAULTS, type StoreSettings } from "./store-settings.ts";

/**
 * `keys`: what is kept in a server is sealed with. `report`: whenever the server goes or comes back. It need not be there:
 * what asks for the store is answered `failed` meanwhile.
 */
export async function createStore(
  settings: StoreSettings = STORE_DEFAULTS,
  keys: readonly SealKey[] = [],
  report: Report = () => undefined,
): Promise<Store> {
  const { server } = settings;
  if (server === undefined) return loadedOnUse(settings);
  const [{ createRedisStore }, { createValueSeal }] = await Promise.all([
    import("./redis-store.ts"),
    import("./value-seal.ts"),
  ]);
  return createRedisStore({ ...settings, server }, createValueSeal(keys), report);
}

/** Most policies need no store. */
function loadedOnUse(settings: StoreSettings): Store {
  let loading: Promise<Store> | undefined;
  const memory = (): Promise<Store> => {
    loading ??= import("./memory-store.ts").then(({ createMemoryStore }) => createMemoryStore(settings));
    return loading;
  };
  return {
    isShared: false,
    state: "up",
    address: undefined,
    lastError: undefined,
    reserve: async (reservations) => (await memory()).reserve(reservations),
    recall: async (key) => (await memory()).recall(key),
    keep: async (key, value, forMs) => (await memory()).keep(key, value, forMs),
    spend: async (token, forMs) => (await memory()).spend(token, forMs),
    mark: async (key, names, forMs) => (await memory()).mark(key, names, forMs),
    tags: async (keys) => (await memory()).tags(keys),
    park: async (key, value, forMs) => (await memory()).park(key, value, forMs),
    fetch: async (key) => (await memory()).fetch(key),
    close: async () => undefined,
  };
}
