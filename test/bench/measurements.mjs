// What is measured, how often, and in which unit. Each gives one number for one contestant and one round.
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { call, listTools, Session } from "./session.mjs";
import { median } from "./statistics.mjs";

/** 100 bytes with an id of four digits. */
const SMALL = call("echo", "a".repeat(10));

/**
 * On sessions that stay open; `take` gives the number. `isRate`: more is better. `often`: so many times a round: what takes
 * 40 ms falls as a whole into one mood of the machine (which process is on which core, how fast that is).
 */
export const ON_SESSIONS = [
  { id: "latency", title: "latency of a 100-byte call", unit: "µs", often: 8, take: latency },
  ...[1, 16, 64, 256].map((inFlight) => ({
    id: `rate-${inFlight}`,
    title: `calls per second, ${inFlight} in flight`,
    unit: "1/s",
    isRate: true,
    // Something is promised of this one.
    often: inFlight === 64 ? 8 : 1,
    take: (session, { calls }) => session.flood(SMALL, inFlight, inFlight === 1 ? calls / 4 : calls),
  })),
  { id: "effort", title: "processor time of a call, 64 in flight", unit: "µs", take: effortOfCall },
  { id: "megabyte", title: "a result of 1 MB", unit: "ms", take: (session) => times(session, call("megabyte"), 8) },
  {
    id: "ten-megabytes",
    title: "a result of 10 MB",
    unit: "ms",
    take: (session) => times(session, call("tenMegabytes"), 3),
  },
];

export const ON_LONG_LISTS = [
  { id: "list", title: "a list of 1,000 tools", unit: "ms", take: (session) => times(session, listTools, 8) },
];

/** From nothing to the first list, and what the process holds then, in a process of its own. */
export async function startAndIdle(contestant) {
  const session = await new Session(contestant).open();
  await delay(500);
  const idleMb = residentMb(session.process.pid);
  await session.close();
  return { startMs: session.startMs, idleMb };
}

/** After a flood and large results. */
export async function loadedMb(contestant, { calls }) {
  const session = await new Session(contestant).open();
  await session.flood(SMALL, 256, calls);
  for (let turn = 0; turn < 3; turn++) await session.ask(call("tenMegabytes"));
  await session.flood(SMALL, 64, calls);
  const mb = residentMb(session.process.pid);
  await session.close();
  return mb;
}

/** Long enough for compilers to have done their work. */
export async function warmUp(session, { calls }) {
  await session.flood(SMALL, 64, calls * 10);
  for (let turn = 0; turn < 2000; turn++) await session.ask(SMALL);
  for (let turn = 0; turn < 3; turn++) await session.ask(call("tenMegabytes"));
}

async function latency(session) {
  const taken = [];
  for (let turn = 0; turn < 400; turn++) taken.push(await session.timed(SMALL));
  return median(taken) * 1000;
}

/** Of the proxy's process alone, all its threads: the clock on the wall also counts what else the machine does. */
async function effortOfCall(session, { calls }) {
  const before = processorMs(session.process.pid);
  await session.flood(SMALL, 64, calls);
  return ((processorMs(session.process.pid) - before) / calls) * 1000;
}

async function times(session, lineOf, turns) {
  const taken = [];
  for (let turn = 0; turn < turns; turn++) taken.push(await session.timed(lineOf));
  return median(taken);
}

/** What a process has used so far, all its threads. Linux only, elsewhere not a number. */
export function processorMs(pid) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const nanoseconds = threads.map((id) =>
      Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, "utf8").split(" ")[0]),
    );
    return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e6;
  } catch {
    return Number.NaN;
  }
}

/** Resident memory of one process in megabytes; Linux only, elsewhere not a number. */
function residentMb(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}
