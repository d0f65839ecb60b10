// What mcprules promises to reach, and whether it does.
import { median, ratio } from "./statistics.mjs";

const NONE = "no rules";

/** `taken(measurement, contestant)`: the numbers of all rounds. */
export function judged(taken) {
  const of = (id, one, other) => ratio(taken(id, one), taken(id, other));
  return [
    atMost("latency against the byte pipe", of("latency", NONE, "byte pipe"), 1.3),
    atLeast("64 in flight against the SDK proxy", of("rate-64", NONE, "SDK proxy"), 3),
    atLeast("64 in flight against the byte pipe", of("rate-64", NONE, "byte pipe"), 0.6),
    atMost("10 MB against the byte pipe", of("ten-megabytes", NONE, "byte pipe"), 1.4),
    atMost("10,000 rules against none, latency", of("latency", "10,000 rules", NONE), 1.1),
    atLeast("10,000 rules against none, 64 in flight", of("rate-64", "10,000 rules", NONE), 1 / 1.1),
    atMost("100 judging rules against none, latency", of("latency", "100 judging", NONE), 1.3),
    atLeast("100 judging rules against none, 64 in flight", of("rate-64", "100 judging", NONE), 1 / 1.3),
    atMost("memory idle, MB", median(taken("idle", NONE)), 60),
    atMost("start above direct, s", (median(taken("start", NONE)) - median(taken("start", "direct"))) / 1000, 0.3),
  ];
}

export function atMost(name, value, limit) {
  return { name, value, limit: `≤ ${round(limit)}`, isMet: value <= limit };
}

export function atLeast(name, value, limit) {
  return { name, value, limit: `≥ ${round(limit)}`, isMet: value >= limit };
}

function round(value) {
  return Number(value.toFixed(2));
}
