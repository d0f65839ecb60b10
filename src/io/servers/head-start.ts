// Servers started before there is a policy, which takes as long as they take to come up. They hear nothing before it is in force.
import { DEFAULT_LIFE } from "../../dispatch/life/life-options.ts";
import { type LaunchedServer, launchServer, type ServerProcess } from "./child-process.ts";
import { profilesFor } from "../profiles.ts";
import type { ProcessServer, ServerSettings, Settings } from "../settings/settings.ts";

export class HeadStart {
  private readonly launched = new Map<string, LaunchedServer>();

  /** Those that the one client over stdio gets when it comes. `profile`: the one it is given, where the settings have some. */
  constructor(settings: Settings, profile: string | undefined) {
    const choice = profilesFor(settings, profile, true);
    const servers = choice.kind === "refused" ? [] : choice.profiles.flatMap((one) => one.settings.servers);
    for (const server of servers.filter(isStartedWithClient)) this.launched.set(server.name, launchServer(server));
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

function isStartedWithClient(server: ServerSettings): server is ProcessServer {
  const { start, share } = server.life ?? DEFAULT_LIFE;
  return server.kind === "process" && start === "eager" && !share;
}
