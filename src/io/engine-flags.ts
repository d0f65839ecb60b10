// How V8 is set up for this program: it starts fast, waits in little memory, and passes large buffers on.
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Before the proxy's own code is loaded. V8 reads these flags each time it collects garbage or picks code to optimise, so they may
 * still be set. Measured with one server, an idle proxy takes 58 MB instead of 70, and a 10 MB result half the time:
 *
 * - What a policy is compiled with runs once: optimising it costs 6 MB, and time of a second thread.
 * - Young objects get 1 MB while we start: what a policy is compiled from lives shortly.
 * - One thread collects them: so little is left to copy that waking others takes longer. Without it, a small call costs a
 *   sixth more processor time (12.9 and 10.6 µs with 64 in flight).
 * - The heap may grow to five times what was alive before all of it is searched: otherwise each large buffer, which
 *   counts as heap, starts a search.
 */
export function setUpForStart(): void {
  letCompilersWork(false);
  letYoungGrow(false);
  setFlagsFromString("--no-parallel-scavenge");
  setFlagsFromString("--heap-growing-percent=400");
}

/**
 * For a command that reads a policy and ends, before its code is loaded: it runs most things once or a few thousand times, for
 * which code is optimised in vain. V8 does so from 16 times the work on that it asks for by itself. Measured, in processor
 * time: `check` of 1,000 rules 0.43 s and not 0.62, of 10,000 1.7 and not 2.6; `test` of 1,000 tests 0.73 and not 1.05.
 * Node 22 gains as much, Node 24 nothing.
 */
export function setUpForCommand(): void {
  setFlagsFromString(
    IS_NODE_20 ? `--interrupt-budget=${16 * RUNS_ON_NODE_20}` : `--invocation-count-for-turbofan=${16 * 3000}`,
  );
}

/** What Node 22 gives young objects at most, both halves. Node 24 goes on to 128 MB, which a burst of sessions leaves full of garbage. */
const MOST_YOUNG_BYTES = 32 * 1024 * 1024;
const LOOK_EVERY_MS = 500;
/** Processor time between two looks that means work. Waiting takes 1 ms, and the rest of a start 35. */
const BUSY_MS = 50;

/**
 * When the policy is in force: what only the start needed is given back, and who has a lot to do gets more room for young
 * objects. Measured with 64 calls in flight: 9 % more of them, 10 MB results in 11.8 ms and not 14.3, for 10 MB.
 *
 * Code is optimised once there is work: as soon as V8 optimises one function, 3.5 MB of its compiler come into memory. Then Node 20
 * does so after a quarter of the runs that it waits for by itself. Measured over HTTP with 16 in flight, on the main thread: the
 * calls from 800 to 1,600 take 144 µs each and not 219, up to 3,200 65 and not 102; from 12,000 on there is no difference.
 *
 * What is optimised takes in three times as much of what it calls as V8 lets it. A lone call finds all code gone from the processor's
 * nearest caches, and each function that it has to look up there costs: measured, it takes 7 to 12 % less processor time, and with
 * 64 in flight 8 % more calls are made. More than that gains little, and takes a second of the compiler's time and 10 MB.
 */
export function setUpForService(): void {
  let mayGrow = false;
  let isOptimising = false;
  let before = processorMs();
  // What that takes is no work of a client's.
  compactWhenIdle(() => {
    before = processorMs();
  });
  const look = (): void => {
    const now = processorMs();
    if (!isOptimising && now - before >= BUSY_MS) {
      isOptimising = true;
      letCompilersWork(true);
      setFlagsFromString("--max-inlined-bytecode-size=1500");
      setFlagsFromString("--max-inlined-bytecode-size-cumulative=3000");
      if (IS_NODE_20) setFlagsFromString(`--interrupt-budget=${RUNS_ON_NODE_20 / 4}`);
    }
    before = now;
    if (youngBytes() < MOST_YOUNG_BYTES === mayGrow) return;
    mayGrow = !mayGrow;
    letYoungGrow(mayGrow);
  };
  setInterval(look, LOOK_EVERY_MS).unref();
}

const IS_NODE_20 = process.versions.node.startsWith("20.");
/** Bytes of its code that a function runs through before V8 thinks of optimising it, on Node 20. */
const RUNS_ON_NODE_20 = 67_584;

/** Those that optimise. Node 20 has one of them, which comes late. */
function letCompilersWork(mayWork: boolean): void {
  const no = mayWork ? "" : "no-";
  setFlagsFromString(`--${no}opt`);
  if (!IS_NODE_20) setFlagsFromString(`--${no}maglev`);
}

function letYoungGrow(mayGrow: boolean): void {
  setFlagsFromString(`--semi-space-growth-factor=${mayGrow ? 2 : 1}`);
}

const QUIET_MS = 150;
/** Processor time that a client's first requests take more of. */
const MOST_IDLE_MS = 10;

/** The first client waits for its first list just now, and the servers are up: it is done once nobody asks for anything. */
function compactWhenIdle(afterwards: () => void): void {
  const before = processorMs();
  const look = (): void => {
    if (processorMs() - before >= MOST_IDLE_MS) return compactWhenIdle(afterwards);
    compactHeap();
    afterwards();
  };
  setTimeout(look, QUIET_MS).unref();
}

/**
 * It takes 30 ms of processor time, 70 from Node 22 on, which otherwise keeps for itself what it frees. What is left of the
 * start lies scattered over pages that are half empty: 2 MB.
 */
function compactHeap(): void {
  const flavor = IS_NODE_20 ? "" : '{ type: "major", execution: "sync", flavor: "last-resort" }';
  setFlagsFromString("--expose-gc");
  setFlagsFromString("--compact-on-every-full-gc");
  runInNewContext(`gc(${flavor})`);
  setFlagsFromString("--no-compact-on-every-full-gc");
  setFlagsFromString("--no-expose-gc");
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space")?.space_size ?? 0;
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
