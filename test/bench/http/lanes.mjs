// Who is measured against whom over HTTP, and what with: a lane is one kind of client, one kind of server, and the proxies between.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { processorMs } from "../measurements.mjs";
import { rulesBeside, writeSetup } from "../policies.mjs";
import { alone, flood, openAndCall, openMany, openManyWithProcesses, openSession } from "./callers.mjs";
import { startProxy, startServer } from "./programs.mjs";
import { median } from "../statistics.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const CLI = fileURLToPath(new URL("../../../dist/cli.js", import.meta.url));
const NODE = process.execPath;
const STDIO = { command: NODE, args: [join(HERE, "../upstream.mjs")] };

const IN_FLIGHT = 64;
const AT_ONCE = 16;
const TEN_MEGABYTES = 10_000_000;

/** `often`: so many times a round, since short turns fall into all moods of the machine, and not each into one. */
const CALLS = [
  {
    id: "rate",
    title: `calls per second, ${IN_FLIGHT} in flight`,
    unit: "1/s",
    take: ({ caller }, { calls }) => flood(caller, "echo", IN_FLIGHT, calls),
  },
  { id: "effort", title: `processor time of a call, ${IN_FLIGHT} in flight`, unit: "µs", take: effortOfCall },
  {
    id: "latency",
    title: "latency of a 100-byte call",
    unit: "µs",
    often: 8,
    take: async ({ caller }) => median(await alone(caller, "echo", 100)) * 1000,
  },
  {
    id: "ten-megabytes",
    title: "a result of 10 MB",
    unit: "ms",
    take: async ({ caller }) => median(await alone(caller, "tenMegabytes", 3, ({ bytes }) => bytes > TEN_MEGABYTES)),
  },
];

const SESSIONS = [
  {
    id: "opened",
    title: `sessions opened per second, ${AT_ONCE} at once`,
    unit: "1/s",
    take: (side, { sessions }) => openMany(side, sessions, AT_ONCE),
  },
  { id: "kept", title: "memory that a session keeps", unit: "KB", take: kept },
];

/** Who opens a session may be answered before its server is up; what it costs to have it up is seen when it calls. */
const PROCESSES = [
  {
    id: "opened",
    title: "sessions opened per second, 4 at once",
    unit: "1/s",
    take: (side) => openManyWithProcesses(side, 12, 4),
  },
  {
    id: "used",
    title: "sessions opened and called once per second, 4 at once",
    unit: "1/s",
    take: (side) => openAndCall(side, 12, 4),
  },
];

/** `folder`: for settings. `others`: programs from npm, if there are any. `nodeArguments`: for mcprules only. */
export function lanes(folder, others, nodeArguments) {
  const ours = (name, server, more = {}) => {
    const setup = writeSetup(
      join(folder, `${name} ${JSON.stringify([server, more])}`.replaceAll(/\W+/g, "-").slice(-80)),
      server,
      rulesBeside(more.rules ?? 0),
      more.mcprules,
    );
    return {
      name,
      isModern: more.isModern,
      argsOf: (port) => [...nodeArguments, CLI, ...setup, "--http", `127.0.0.1:${port}`],
    };
  };
  const command = [STDIO.command, ...STDIO.args];
  const sdk = { name: "SDK proxy", argsOf: (port) => [join(HERE, "naive-proxy.mjs"), String(port), ...command] };
  const theirs = others === undefined ? [] : [mcpProxy(others, command), supergateway(others, command)];
  const reverse = ({ port }) => ({
    name: "reverse proxy",
    argsOf: (own) => [join(HERE, "reverse-proxy.mjs"), String(own), String(port)],
  });
  return [
    {
      id: "stdio",
      title: "HTTP client, stdio server",
      base: "SDK proxy",
      measurements: CALLS,
      open: async () =>
        opens([sdk, ...theirs, ours("no rules", STDIO), ours("100 rules", STDIO, { rules: 100 })], folder),
    },
    {
      id: "http",
      title: "HTTP client, HTTP server",
      base: "reverse proxy",
      measurements: CALLS,
      open: () =>
        behindServer("legacy", folder, (server) => [
          reverse(server),
          ours("no rules", { url: urlOf(server) }),
          ours("100 rules", { url: urlOf(server) }, { rules: 100 }),
        ]),
    },
    {
      id: "modern-stdio",
      title: "client of 2026-07-28 over HTTP, stdio server of 2025-11-25",
      base: "mcp-proxy",
      measurements: CALLS,
      open: async () =>
        opens(
          [...theirs.slice(0, 1), ours("no rules", STDIO), ours("100 rules", STDIO, { rules: 100 })].map(asModern),
          folder,
        ),
    },
    {
      id: "modern-http",
      title: "client and server of 2026-07-28, both over HTTP",
      base: "reverse proxy",
      measurements: CALLS,
      open: () =>
        behindServer("modern", folder, (server) =>
          [
            reverse(server),
            ours("no rules", { url: urlOf(server) }),
            ours("100 rules", { url: urlOf(server) }, { rules: 100 }),
          ].map(asModern),
        ),
    },
    {
      id: "sessions",
      title: "sessions over HTTP that share one stdio server",
      base: "SDK proxy",
      measurements: SESSIONS,
      open: async () =>
        opens(
          [
            sdk,
            ...theirs.slice(0, 1),
            ours("no rules", STDIO, {
              mcprules: { servers: { bench: { share: true } }, limits: { sessions: 100_000 } },
            }),
          ],
          folder,
        ),
    },
    {
      id: "session-processes",
      title: "sessions over HTTP with a stdio server each",
      base: "supergateway",
      measurements: PROCESSES,
      open: async () =>
        opens(
          [
            ...theirs.slice(1),
            ours("no rules", STDIO),
            ours("started when needed", STDIO, { mcprules: { servers: { bench: { start: "lazy" } } } }),
          ],
          folder,
        ),
    },
  ];
}

function mcpProxy({ mcpProxy: program }, command) {
  const args = ["--host", "127.0.0.1", "--server", "stream"];
  return { name: "mcp-proxy", argsOf: (port) => [program, ...args, "--port", String(port), "--", ...command] };
}

function supergateway({ supergateway: program }, command) {
  const args = [
    "--stdio",
    command.join(" "),
    "--outputTransport",
    "streamableHttp",
    "--stateful",
    "--logLevel",
    "none",
  ];
  return { name: "supergateway", argsOf: (port) => [program, ...args, "--port", String(port)] };
}

function asModern(side) {
  return { ...side, isModern: true };
}

function urlOf({ port }) {
  return `http://127.0.0.1:${port}/mcp`;
}

async function opens(programs, folder) {
  const sides = [];
  for (const program of programs) sides.push(await startProxy(program, folder));
  return { sides, close: () => closeAll(sides) };
}

async function behindServer(era, folder, programsFor) {
  const server = await startServer(join(HERE, "upstream.mjs"), era);
  const { sides } = await opens(programsFor(server), folder);
  return { sides, close: () => closeAll([...sides, server]) };
}

async function closeAll(all) {
  for (const one of all) await one.close();
}

/** Of the proxy's process alone: the clock on the wall also counts what else the machine does. */
async function effortOfCall({ caller, pid }, { calls }) {
  const before = processorMs(pid);
  await flood(caller, "echo", IN_FLIGHT, calls);
  return ((processorMs(pid) - before) / calls) * 1000;
}

/** Each has called once, so what a first call leaves behind is part of it. */
async function kept(side, { sessions }) {
  const before = await side.kept();
  for (let count = 0; count < sessions; count++) await alone(await openSession(side), "echo", 1);
  return ((await side.kept()) - before) / sessions / 1024;
}
