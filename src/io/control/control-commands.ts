// The commands that a running proxy takes over its local socket: status, rollback, approvals, tail.
import { once } from "node:events";
import * as z from "zod";
import { compilePattern } from "../../expression/pattern.ts";
import { Sink } from "../log/sink.ts";
import { streamOutlet } from "../log/stream-outlet.ts";
import type { Wing } from "../wing.ts";
import { approvals, decide } from "./approvals.ts";
import type { ControlConnection, ControlHandler, ControlRequest } from "./control-door.ts";
import { proxyStatus, type StatusSource } from "./proxy-status.ts";

export function controlCommands(source: StatusSource): Readonly<Record<string, ControlHandler>> {
  return {
    status: (_request, { answer }) => answer(proxyStatus(source)),
    rollback: (request, { answer }) => answer(rollback(source.wings, request)),
    approvals: (_request, { answer }) => answer({ approvals: approvals(source.wings) }),
    decide: (request, { answer }) => {
      const { id, approves, by } = read(decideRequest, request);
      answer(decide(source.wings, id, approves, by));
    },
    tail: (request, connection) => tail(source.wings, request, connection),
  };
}

const rollbackRequest = z.object({ revision: z.string().min(1).optional(), profile: z.string().optional() });

function rollback(wings: readonly Wing[], request: ControlRequest): object {
  const { revision, profile } = read(rollbackRequest, request);
  const chosen = wingsOf(wings, profile);
  const [wing] = chosen;
  if (wing === undefined || chosen.length > 1) {
    throw new Error(`there are several profiles, and each has its policy: say \`--profile\` with ${namesOf(wings)}`);
  }
  const done = wing.keeper.rollback(revision);
  return typeof done === "string" ? { error: done } : done;
}

const decideRequest = z.object({ id: z.string().min(1), approves: z.boolean(), by: z.string().max(200) });

const globs = z.array(z.string().min(1)).min(1);

/** As the filter of a sink in the settings. */
const tailRequest = z.object({
  profile: z.string().optional(),
  level: z.enum(["trace", "debug", "info", "warn", "error"]).default("trace"),
  /** Also what the operator should know, and what servers say on stderr. */
  reports: z.boolean().default(false),
  filter: z
    .object({
      method: globs.optional(),
      server: globs.optional(),
      name: globs.optional(),
      from: z.enum(["client", "server"]).optional(),
      verdict: z.array(z.enum(["allow", "block", "ask", "answer", "drop"])).optional(),
    })
    .default({}),
});

/** Goes on until the other end has seen enough. What it does not take in time is dropped and counted: no message waits for it. */
async function tail(wings: readonly Wing[], request: ControlRequest, { socket }: ControlConnection): Promise<void> {
  const { profile, level, reports, filter } = read(tailRequest, request);
  const watched = wingsOf(wings, profile);
  checkServers(watched, filter.server);
  const sink = new Sink({
    name: "tail",
    level,
    form: reports ? ["decisions", "reports"] : ["decisions"],
    filter,
    messageBytes: 0,
    complain: () => undefined,
  });
  sink.open(streamOutlet(socket));
  const unfollow = watched.map((wing) => wing.log.follow(sink));
  try {
    if (!socket.destroyed) await once(socket, "close");
  } finally {
    for (const end of unfollow) end();
    await sink.close();
  }
}

/** Of a server that there is not, nothing would ever be shown. */
function checkServers(wings: readonly Wing[], wanted: readonly string[] = []): void {
  const names = new Set(wings.flatMap((wing) => wing.settings.servers.map(({ name }) => name)));
  for (const text of wanted) {
    const pattern = compilePattern([{ kind: "glob", text }]);
    if ([...names].some((name) => pattern.matchesName(name) !== "no")) continue;
    const known = [...names].map((name) => `\`${name}\``).join(", ");
    throw new Error(`no server is called \`${text}\` here: there is ${known}`);
  }
}

function wingsOf(wings: readonly Wing[], profile: string | undefined): readonly Wing[] {
  if (profile === undefined) return wings;
  const chosen = wings.filter((wing) => wing.profile === profile);
  if (chosen.length === 0) throw new Error(`there is no profile \`${profile}\` here: there is ${namesOf(wings)}`);
  return chosen;
}

function namesOf(wings: readonly Wing[]): string {
  return wings.map(({ profile }) => (profile === undefined ? "one without a name" : `\`${profile}\``)).join(", ");
}

function read<T>(schema: z.ZodType<T>, request: ControlRequest): T {
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`\`${issue?.path.join(".") ?? ""}\`: ${issue?.message ?? "is not understood"}`);
}
