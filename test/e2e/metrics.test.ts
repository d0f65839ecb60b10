// Metrics as Prometheus reads them, of a proxy with a real server behind it: what is counted, what labels hold, who may read them.
import { renameSync } from "node:fs";
import { request } from "node:http";
import { expect, test } from "vitest";
import { openFolder } from "./folder.ts";
import { type Observed, observe } from "./observed-proxy.ts";

const POLICY = `
default allow

rule no-crash
  when tools/call die on own
  with force true
  block "Not here."

rule slow-expression
  when tools/call echo on own
  where ($count([1..9999].($ * 2)) > 0)
  log "x"
`;

const METRICS = { metrics: { port: 0 }, log: { to: "log" } };

function urlOf({ folder }: Observed): string {
  const [url] = /http:\/\/\S+\/metrics/.exec(folder.read("log")) ?? [];
  if (url === undefined) throw new Error("the log does not say where metrics are");
  return url;
}

async function metricsOf(observed: Observed): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(urlOf(observed))).text();
  const samples = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    samples.map((line) => {
      const end = line.lastIndexOf(" ");
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

test("messages, verdicts, times, sessions and servers are counted", async () => {
  const observed = await observe(POLICY, METRICS);
  await observed.call("echo", { a: 1 });
  await observed.call("die", { force: true });
  const metrics = await metricsOf(observed);
  const call = 'method="tools/call"';
  expect(Object.fromEntries(metrics)).toMatchObject({
    [`mcprules_messages_total{${call},kind="request",from="client",verdict="allow"}`]: 1,
    [`mcprules_messages_total{${call},kind="result",from="server",verdict="allow"}`]: 1,
    [`mcprules_messages_total{${call},kind="request",from="client",verdict="block"}`]: 1,
    'mcprules_verdicts_total{rule="no-crash",verdict="block"}': 1,
    mcprules_sessions: 1,
    'mcprules_servers_up{server="own"}': 1,
    'mcprules_server_restarts_total{server="own"}': 0,
    mcprules_policy_stale: 0,
    'mcprules_reloads_total{outcome="applied"}': 0,
    'mcprules_reloads_total{outcome="refused"}': 0,
    'mcprules_log_dropped_total{sink="main"}': 0,
  });
  expect(metrics.get("mcprules_evaluation_overruns_total")).toBeGreaterThan(0);
  expect(metrics.get(`mcprules_policy_info{revision="${observed.proxy.revision()}"}`)).toBe(1);
});

test("the proxy's own time is a histogram, and a server's time is no part of it", async () => {
  const observed = await observe(POLICY, METRICS);
  await observed.call("slow", { ms: 400 });
  const metrics = await metricsOf(observed);
  const labels = 'kind="result",from="server"';
  const bounds = [...metrics].filter(
    ([name]) => name.startsWith("mcprules_message_seconds_bucket") && name.includes(labels),
  );
  const counts = bounds.map(([, count]) => count);
  expect(counts).toEqual(counts.toSorted((one, other) => one - other));
  expect(bounds.at(-1)?.[0]).toContain('le="+Inf"');
  expect(counts.at(-1)).toBe(metrics.get(`mcprules_message_seconds_count{${labels}}`));
  expect(metrics.get(`mcprules_message_seconds_sum{${labels}}`)).toBeLessThan(0.3);
  expect(metrics.get(`mcprules_message_seconds_sum{kind="request",from="client"}`)).toBeGreaterThan(0);
});

test("methods that somebody makes up are one series", async () => {
  const observed = await observe(POLICY, METRICS);
  for (let index = 0; index < 50; index += 1) await observed.request(`made/up-${index}`);
  const metrics = await metricsOf(observed);
  expect([...metrics.keys()].filter((name) => name.includes("made/up"))).toEqual([]);
  const other = [...metrics].filter(([name]) => name.includes('method="other"') && name.includes('kind="request"'));
  expect(other).toEqual([[expect.stringContaining('verdict="allow"'), 50]]);
});

test("a server that comes back counts as started again", async () => {
  const observed = await observe(POLICY, METRICS);
  await observed.call("die");
  await observed.call("echo");
  const metrics = await metricsOf(observed);
  expect(metrics.get('mcprules_server_restarts_total{server="own"}')).toBe(1);
  expect(metrics.get('mcprules_servers_up{server="own"}')).toBe(1);
}, 15_000);

test("a policy that is refused is stale until it is repaired", async () => {
  const observed = await observe(POLICY, METRICS);
  const stale = async (): Promise<number | undefined> => (await metricsOf(observed)).get("mcprules_policy_stale");
  // In one go: a file that is written piece by piece may count twice.
  const put = (policy: string): void => {
    observed.folder.write("next", `mcprules 1\n${policy}\n`);
    renameSync(observed.folder.at("next"), observed.folder.at("rules/policy.mcprules"));
  };
  put("default alow");
  await expect.poll(stale, { timeout: 5000 }).toBe(1);
  put("default allow");
  await expect.poll(stale, { timeout: 5000 }).toBe(0);
  expect(Object.fromEntries(await metricsOf(observed))).toMatchObject({
    'mcprules_reloads_total{outcome="applied"}': 1,
    'mcprules_reloads_total{outcome="refused"}': 1,
  });
}, 15_000);

test("pages in browsers, other paths and other methods are turned away", async () => {
  const observed = await observe(POLICY, METRICS);
  const url = urlOf(observed);
  const status = (path: string, init: RequestInit): Promise<number> =>
    fetch(new URL(path, url), init).then((response) => response.status);
  expect(await status("/metrics", { method: "POST" })).toBe(405);
  expect(await status("/", {})).toBe(404);
  expect(await status("/metrics", { headers: { origin: "https://evil.example" } })).toBe(403);
  const rebound = await new Promise<number | undefined>((resolve) => {
    request(url, { headers: { host: "evil.example" } }, (response) => resolve(response.resume().statusCode)).end();
  });
  expect(rebound).toBe(403);
});

test("an address that others can reach has to be meant", async () => {
  const metrics = { host: "0.0.0.0", port: 0 };
  await expect(observe(POLICY, { ...METRICS, metrics })).rejects.toThrow('"anyone": true');
  const observed = await observe(POLICY, { ...METRICS, metrics: { ...metrics, anyone: true } });
  expect(observed.folder.read("log")).toContain("metrics are at http://0.0.0.0:");
});

test("a second proxy of the same settings runs without them, and takes over when the first ends", async () => {
  const first = await observe(POLICY, METRICS);
  const port = Number(new URL(urlOf(first)).port);
  const folder = openFolder();
  const second = await observe(POLICY, { ...METRICS, metrics: { port } }, folder);
  await second.call("echo");
  expect(folder.read("log")).toContain(`metrics: port ${port} is taken`);
  await first.end();
  await expect.poll(() => folder.read("log"), { timeout: 15_000 }).toContain("metrics are at");
  expect((await metricsOf(second)).get("mcprules_sessions")).toBe(1);
}, 30_000);
