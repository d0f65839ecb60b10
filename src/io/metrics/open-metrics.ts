// Opens the metrics of a proxy, and keeps trying where another proxy of the same settings has their port.
import type { Dispatcher } from "../../dispatch/dispatcher.ts";
import type { DecisionLog } from "../log/decision-log.ts";
import type { StoreStanding } from "../store/store.ts";
import type { Modules } from "../modules/create-modules.ts";
import { metered } from "./face-meter.ts";
import { addModuleMeters } from "./module-meters.ts";
import { type Face, Meters } from "./meters.ts";
import { type MetricsDoor, openMetricsDoor } from "./metrics-door.ts";
import type { Translation } from "../translators/translation.ts";
import { addTranslatorMeters } from "./translator-meters.ts";
import type { MetricsSettings } from "./metrics-settings.ts";
import { codeOf } from "../thrown.ts";

export interface Observed {
  readonly log: DecisionLog;
  /** The client starts this process, and others may start more of the same settings. */
  readonly isForOne: boolean;
  readonly store: Pick<StoreStanding, "state">;
  readonly modules?: Pick<Modules, "list"> | undefined;
  readonly translation?: Pick<Translation, "tally"> | undefined;
}

export interface Metrics {
  /** In the place of `handle`: does the same, and counts. */
  metered(handle: Dispatcher["handle"], face: Face): Dispatcher["handle"];
  close(): Promise<void>;
}

const RETRY_MS = 10_000;

/**
 * `isForOne`: several proxies of these settings may run at once, since each host starts one of its own. One of them has
 * the port, and the next takes it when that one ends. Rejects when it cannot listen there.
 */
export async function openMetrics(
  settings: MetricsSettings,
  { log, isForOne, store, modules, translation }: Observed,
): Promise<Metrics> {
  const meters = new Meters(() => log.dropped?.() ?? new Map<string, number>(), store);
  if (modules !== undefined) meters.addTo((registry) => addModuleMeters(registry, () => modules.list()));
  if (translation !== undefined) meters.addTo((registry) => addTranslatorMeters(registry, translation.tally));
  let door: MetricsDoor | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const open = async (): Promise<void> => {
    const opened = await openMetricsDoor(settings, meters);
    if (isClosed) return opened.close();
    door = opened;
    log.report("info", `metrics are at ${opened.url}`);
  };
  const retry = (): void => {
    timer = setTimeout(() => void open().catch(retry), RETRY_MS).unref();
  };
  try {
    await open();
  } catch (error) {
    if (!isForOne || !isTaken(error)) throw error;
    log.report("warn", `metrics: port ${settings.port} is taken, by another proxy perhaps; it is tried again`);
    retry();
  }
  return {
    metered: (handle, face) => {
      meters.add(face);
      return metered(handle, meters);
    },
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await door?.close();
    },
  };
}

function isTaken(error: unknown): boolean {
  return codeOf(error) === "EADDRINUSE";
}
