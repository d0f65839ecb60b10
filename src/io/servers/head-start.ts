// Servers started before there is a policy, which takes as long as they take to come up. They hear nothing before it is in force.
import { resolve } from "node:path";
import { DEFAULT_LIFE } from "../../dispatch/life/life-options.ts";
import { type LaunchedServer, launchServer, type ServerProcess } from "./child-process.ts";
import { profilesFor } from "../profiles.ts";
import { linkedPlaces, policyPlaces } from "../rules/policy-places.ts";
import { exposuresOf } from "../rules/trust.ts";
import type { ProcessServer, ServerSettings, Settings } from "../settings/settings.ts";

export class HeadStart {
  private readonly launched = new Map<string, LaunchedServer>();

  /**
   * Those that the one client over stdio gets when it comes. `profile`: the one it is given, where the settings have some.
   * `rules`: besides those of the settings.
   */
  constructor(settings: Settings, profile: string | undefined, rules: readonly string[] = []) {
    const choice = profilesFor(settings, profile, true);
    for (const one of choice.kind === "refused" ? [] : choice.profiles)
      for (const server of startable(one.settings, rules)) this.launched.set(server.name, launchServer(server));
  }

  /** `undefined`: it is not running, or somebody took it before. */
  take({ name }: ProcessServer, onErrorLine: (line: string) => void): ServerProcess | undefined {
    const server = this.launched.get(name);
    this.launched.delete(name);
    server?.hear(onErrorLine);
    return server;
  }

  /** Ends what nobody took: it was asked nothing, so it is not given time to end by itself. Resolves when nothing of it is left. */
  async close(): Promise<void> {
    const left = [...this.launched.values()];
    this.launched.clear();
    for (const server of left) server.hurry();
    await Promise.all(left.map((server) => server.close()));
  }
}

/** A server that could change the policy is refused with it, and does not run before. */
function startable(settings: Settings, more: readonly string[]): readonly ProcessServer[] {
  const eager = settings.servers.filter(isStartedWithClient);
  const untrusted = eager.filter(({ name }) => !settings.trustServers.includes(name));
  if (untrusted.length === 0) return eager;
  const rules = [...settings.rules, ...more].map((path) => resolve(path));
  const [known, linked] = [policyPlaces(settings, rules), linkedPlaces(rules)];
  const guarded = { paths: [...known.paths, ...linked.paths], folders: [...known.folders, ...linked.folders] };
  const exposed = new Set(exposuresOf(untrusted, guarded).map(({ server }) => server));
  return eager.filter(({ name }) => !exposed.has(name));
}

function isStartedWithClient(server: ServerSettings): server is ProcessServer {
  const { start, share } = server.life ?? DEFAULT_LIFE;
  return server.kind === "process" && start === "eager" && !share;
}
