// All modules of the settings at work: `call NAME` of a rule is asked here, and what each offers is told.
import type { LockedModules } from "../../mcp/interceptor-lock.ts";
import type { ModuleAnswer, ModuleCall } from "../../engine/need.ts";
import type { DecisionLog } from "../log/decision-log.ts";
import type { HostState } from "./host.ts";
import type { ModuleMeter } from "./meter.ts";
import { ModuleCaller } from "./module-caller.ts";
import type { HostSettings, ModulesSettings } from "./module-settings.ts";
import type { Opener, Opening } from "./connection.ts";
import type { Descriptor } from "./wire.ts";

export interface Modules {
  /** Never rejects; a module that the settings do not name has failed. */
  call(call: ModuleCall): Promise<ModuleAnswer>;
  /** In the order of the settings. */
  list(): readonly ModuleStatus[];
  /** Resolves once each module has come up, or has failed to at the first attempt. */
  readonly started: Promise<void>;
  /** Called whenever a module is other than it was: what was reviewed with it has to be reviewed again. */
  onRenewed(listener: () => void): void;
  /** Resolves when no process of theirs is left. */
  close(): Promise<void>;
}

export interface ModuleStatus {
  readonly name: string;
  readonly host: HostSettings;
  readonly state: HostState;
  readonly interceptors: readonly Descriptor[];
  readonly meter: ModuleMeter;
}

/** What `mcprules.lock` says of modules, and whether they are held to it. */
export interface ModuleLock {
  readonly modules: LockedModules | undefined;
  readonly isPinned: boolean;
}

const NO_LOCK: ModuleLock = { modules: undefined, isPinned: false };

/** They are started at once: a message that needs one should not wait for its start. */
export function createModules(
  settings: ModulesSettings,
  log: Pick<DecisionLog, "report" | "serverSaid">,
  lock = NO_LOCK,
): Modules {
  const listeners: (() => void)[] = [];
  const callers = new Map(
    settings.modules.map((module) => {
      const { name } = module;
      const caller = new ModuleCaller({
        settings: module,
        locked: lock.modules?.get(name),
        isPinned: lock.isPinned,
        deadlineMs: settings.deadlineMs,
        maxBytes: settings.maxBytes,
        open: (opener) => openHost(module.host, opener),
        renewed: () => {
          for (const listener of listeners) listener();
        },
        report: (level, text) => log.report(level, `the module \`${name}\`: ${text}`),
        said: (line) => log.serverSaid(`module ${name}`, line),
      });
      return [name, caller] as const;
    }),
  );
  const all = [...callers.values()];
  for (const { name, host } of settings.modules) {
    if (host.kind === "script" && !host.isIsolated) log.report("warn", `the module \`${name}\` ${UNISOLATED}`);
  }
  return {
    call: (call) => callers.get(call.module)?.call(call) ?? Promise.resolve(UNKNOWN),
    list: () => all.map(statusOf),
    started: Promise.all(all.map(({ host }) => host.started)).then(() => undefined),
    onRenewed: (listener) => {
      listeners.push(listener);
    },
    close: async () => {
      await Promise.all(all.map(({ host }) => host.close()));
    },
  };
}

const UNISOLATED = "runs in the proxy's own thread (`isolate: false`): if it hangs, everything does";
const UNKNOWN: ModuleAnswer = { kind: "failed", reason: "down", used: [] };

/** What each kind of host needs is loaded with the first of its kind. */
async function openHost(host: HostSettings, opener: Opener): Opening {
  const open = await openerOf(host);
  return opener.signal.aborted ? "it is being ended" : open(opener);
}

async function openerOf(host: HostSettings): Promise<(opener: Opener) => Opening> {
  switch (host.kind) {
    case "process": {
      const { openProcess } = await import("./process-host.ts");
      return (opener) => openProcess(host, opener);
    }
    case "http": {
      const { openAddress } = await import("./http-host.ts");
      return (opener) => openAddress(host, opener);
    }
    case "script": {
      const { openScript } = await import("./script-host.ts");
      return (opener) => openScript(host, opener);
    }
  }
}

function statusOf({ settings, host, meter }: ModuleCaller): ModuleStatus {
  const { offers, state } = host;
  const interceptors = offers.listing?.descriptors ?? [];
  return { name: settings.name, host: settings.host, state, interceptors, meter };
}
