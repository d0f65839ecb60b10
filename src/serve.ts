// Puts a proxy together: settings, policies, dispatchers and processes, and the doors that clients and commands come in by.
import type { Readable, Writable } from "node:stream";
import type { DecisionLog } from "./io/log/decision-log.ts";
import { createEvaluator } from "./io/evaluation/evaluator.ts";
import type { StatusSource } from "./io/control/proxy-status.ts";
import { stampOf, watchStamp } from "./io/file-stamp.ts";
import type { HeadStart } from "./io/servers/head-start.ts";
import { localeOf } from "./io/locale.ts";
import { lockPlaces, readLockFile } from "./io/lock-file.ts";
import type { Modules } from "./io/modules/create-modules.ts";
import { openObservation } from "./io/observation.ts";
import { type Profile, profilesFor } from "./io/profiles.ts";
import type { Settings } from "./io/settings/settings.ts";
import type { Translation } from "./io/translators/translation.ts";
import { createStore } from "./io/store/create-store.ts";
import type { Store } from "./io/store/store.ts";
import { Wing, type WingOptions } from "./io/wing.ts";

export type ProxyOptions = StdioOptions | HttpOptions;

interface CommonOptions {
  readonly settings: Settings;
  /** Files or folders, absolute, in the order that rules count in; after those of the settings, in every profile. */
  readonly rules: readonly string[];
  readonly log: DecisionLog;
  /** The only profile to serve. Where the settings have some, all of them are served over HTTP, and over stdio one must be said. */
  readonly profile?: string | undefined;
  /** Where the socket for commands (`mcprules status`) lies, in a folder of this user's; absent: there is none. */
  readonly control?: string | undefined;
}

export interface StdioOptions extends CommonOptions {
  readonly door?: "stdio";
  /** Where the client is: what it says, and where what we say goes. */
  readonly input: Readable;
  readonly output: Writable;
  /** Servers of these settings that run already. What is left of it when the client has its own is ended. */
  readonly headStart?: HeadStart | undefined;
}

/** Clients come in where `settings.listen` says. */
export interface HttpOptions extends CommonOptions {
  readonly door: "http";
}

export type ProxyStart =
  | { readonly kind: "started"; readonly proxy: Proxy }
  /** `report` says why, and what to write. */
  | { readonly kind: "refused"; readonly report: string };

export interface Proxy {
  /** Of the policy in force; of the first profile, where there are some. */
  revision(): string;
  /** Where clients find it over HTTP; the first profile, where there are some. */
  readonly url: string | undefined;
  readonly faces: readonly ProxyFace[];
  /** Resolves when the client has left, and what it asked is answered; over HTTP, never by itself. */
  readonly ended: Promise<void>;
  /** Resolves when no server is left. In haste, they are not given time to end by themselves. */
  close(options?: { readonly haste: boolean }): Promise<void>;
}

/** What one profile shows; a proxy without profiles has one face. */
export interface ProxyFace {
  readonly profile: string | undefined;
  readonly url: string | undefined;
  /** By their names. */
  readonly servers: readonly string[];
  readonly revision: () => string;
}

/** Never runs without a policy: no server hears a word before there is a good first revision, of every profile. */
export async function startProxy(options: ProxyOptions): Promise<ProxyStart> {
  const choice = profilesFor(options.settings, options.profile, options.door !== "http");
  if (choice.kind === "refused") return choice;
  const { store: where, keys } = options.settings;
  const store = await createStore(where, keys, (level, text) => options.log.report(level, text));
  const modules = await openModules(options);
  const translation = await openTranslationOf(options, modules, store);
  const headStart = options.door === "http" ? undefined : options.headStart;
  const helpers = { store, modules, translation };
  const closeHelpers = () => Promise.all([store.close(), modules?.close(), translation?.close()]);
  const observing = { log: options.log, isForOne: options.door !== "http", ...helpers };
  const observation = await openObservation(options.settings, observing).catch(sayNoMetrics);
  if (typeof observation === "string") {
    await closeHelpers();
    return { kind: "refused", report: observation };
  }
  const evaluator = createEvaluator();
  const refuse = async (report: string): Promise<ProxyStart> => {
    await Promise.all([evaluator.close(), observation.close(), closeHelpers()]);
    return { kind: "refused", report };
  };
  const wings = await openWings(choice.profiles, options, { evaluator, observation, headStart, ...helpers });
  if (typeof wings === "string") return refuse(wings);
  const door = await openDoorOf(options, wings).catch(sayWhyNot);
  if (typeof door === "string") return refuse(door);
  void headStart?.close();
  const faces = wings.map((wing, index) => faceOf(wing, door.urls[index]));
  for (const wing of wings) wing.watch();
  const unwatchSettings = watchSettings(options.settings.file, options.log);
  const control = openControl(options, { wings, urls: door.urls, store, modules });
  const close = async ({ haste } = { haste: false }): Promise<void> => {
    unwatchSettings();
    await Promise.all([door.close(), ...wings.map((wing) => wing.close(haste)), control.then((end) => end())]);
    await Promise.all([evaluator.close(), observation.close(), closeHelpers()]);
  };
  const revision = (): string => faces[0]?.revision() ?? "";
  return { kind: "started", proxy: { revision, url: door.urls[0], faces, ended: door.ended, close } };
}

/** What speaks to modules is loaded where there are some. */
async function openModules({ settings, rules, log }: ProxyOptions): Promise<Modules | undefined> {
  if (settings.modules === undefined) return undefined;
  const { createModules } = await import("./io/modules/create-modules.ts");
  const reading = readLockFile(lockPlaces({ settings: settings.file, rules: [...settings.rules, ...rules] }));
  const modules = reading.kind === "lock" ? reading.lock.modules : undefined;
  return createModules(settings.modules, log, { modules, isPinned: settings.pin === "block" });
}

/** What speaks to translators is loaded where there are some. */
async function openTranslationOf(
  { settings: { translation }, log }: ProxyOptions,
  modules: Modules | undefined,
  store: Store,
): Promise<Translation | undefined> {
  if (translation === undefined || translation.translators.length === 0) return undefined;
  const { openTranslation } = await import("./io/translators/open-translation.ts");
  return openTranslation(translation, { modules, store, report: (text) => log.report("warn", text) });
}

/** A text says why one of them has no policy. */
async function openWings(
  profiles: readonly Profile[],
  { rules, log }: ProxyOptions,
  common: Pick<WingOptions, "evaluator" | "observation" | "store" | "modules" | "translation" | "headStart">,
): Promise<readonly Wing[] | string> {
  const started = profiles.flatMap(({ settings }) => settings.servers);
  const wings: Wing[] = [];
  for (const { name: profile, settings: own } of profiles) {
    const settings = { ...own, rules: [...own.rules, ...rules] };
    const wing = await Wing.open({ profile, settings, started, log, ...common });
    if (typeof wing === "string") return profile === undefined ? wing : `in the profile \`${profile}\`:\n\n${wing}`;
    wings.push(wing);
  }
  return wings;
}

function faceOf({ profile, keeper, settings }: Wing, url: string | undefined): ProxyFace {
  return { profile, url, servers: settings.servers.map(({ name }) => name), revision: () => keeper.revision() };
}

const NEVER = new Promise<void>(() => {});

interface OpenDoor extends Pick<Proxy, "ended"> {
  /** Of each wing. */
  readonly urls: readonly string[];
  close(): Promise<void>;
}

/** What speaks HTTP is loaded where somebody does. */
async function openDoorOf(options: ProxyOptions, wings: readonly Wing[]): Promise<OpenDoor> {
  if (options.door !== "http") {
    const { input, output, settings } = options;
    const patienceMs = settings.limits.lastAnswersMs;
    const client = { input, output, patienceMs, user: undefined, languages: localeOf(process.env) };
    const [ended = NEVER] = wings.map((wing) => wing.openClient(client));
    return { urls: [], ended, close: () => Promise.resolve() };
  }
  const { listen, auth, limits } = options.settings;
  const { openDoor } = await import("./io/http/http-door.ts");
  const { urls, close } = await openDoor({
    listen,
    auth,
    limits,
    faces: wings.map((wing) => ({
      path: [listen.path, wing.profile].filter((part) => part !== undefined).join("/"),
      oldPath: ["/sse", wing.profile].filter((part) => part !== undefined).join("/"),
      attach: (who, channel) => wing.attach(who, channel),
    })),
    report: (level, text) => options.log.report(level, text),
  });
  return { urls, ended: NEVER, close };
}

function sayNoMetrics(error: unknown): string {
  return `error: the metrics cannot be served: ${error instanceof Error ? error.message : String(error)}`;
}

function sayWhyNot(error: unknown): string {
  return `error: the HTTP door cannot be opened: ${error instanceof Error ? error.message : String(error)}`;
}

/** Without the socket the proxy serves all the same. What is returned closes it, once it is open. */
async function openControl(
  { control: folder, settings, log }: ProxyOptions,
  shown: Pick<StatusSource, "wings" | "urls" | "store" | "modules">,
): Promise<() => Promise<void>> {
  if (folder === undefined) return () => Promise.resolve();
  try {
    const { openControlDoor } = await import("./io/control/control-door.ts");
    const source = { ...shown, file: settings.file, since: Date.now() };
    const door = await openControlDoor(folder, async () => {
      const { controlCommands } = await import("./io/control/control-commands.ts");
      return controlCommands(source);
    });
    return () => door.close();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.report("warn", `\`mcprules status\` and its like cannot reach this proxy: ${reason}`);
    return () => Promise.resolve();
  }
}

const SETTINGS_LOOK_MS = 2000;

/** A change there is reported, and applied when the proxy is started again; rules need no such thing. */
function watchSettings(file: string | undefined, log: DecisionLog): () => void {
  if (file === undefined) return () => undefined;
  const tell = (): void =>
    log.report("warn", `the settings in ${file} changed; they apply when the proxy is started again`);
  return watchStamp(file, stampOf(file), SETTINGS_LOOK_MS, tell);
}
