// Servers that are started before there is a policy: which of them, what becomes of them, and that they hear nothing of a refused one.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEFAULT_LIFE } from "../../../src/dispatch/life/life-options.ts";
import { HeadStart } from "../../../src/io/servers/head-start.ts";
import { DEFAULTS, type ProcessServer, type ServerSettings, type Settings } from "../../../src/io/settings/settings.ts";
import { readSettings } from "../../../src/io/settings/settings-file.ts";
import { startProxy } from "../../../src/serve.ts";
import { quietLog } from "../quiet-log.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mcprules-head-start-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Notes in `NAME.pid` that it runs, says so on stderr, and keeps what it hears in `NAME.heard`. */
function noting(name: string, extra: Partial<ProcessServer> = {}): ProcessServer {
  const script = `echo $$ > ${name}.pid; echo up >&2; cat > ${name}.heard`;
  return {
    kind: "process",
    name,
    command: "/bin/sh",
    args: ["-c", script],
    env: {},
    cwd: folder,
    root: folder,
    home: folder,
    ...extra,
  };
}

function settingsOf(servers: readonly ServerSettings[], extra: Partial<Settings> = {}): Settings {
  const nothing = { file: undefined, profiles: [], names: undefined, auth: undefined, keys: [] };
  return { ...DEFAULTS, ...nothing, rules: [], servers, trustServers: servers.map(({ name }) => name), ...extra };
}

function pidOf(name: string): number | undefined {
  const file = join(folder, `${name}.pid`);
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return text.endsWith("\n") ? Number(text) : undefined;
}

async function whenUp(name: string): Promise<number> {
  for (const last = Date.now() + 5000; Date.now() < last; await delay(10)) {
    const pid = pidOf(name);
    if (pid !== undefined) return pid;
  }
  throw new Error(`${name} does not come up`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie that nobody has collected is dead all the same.
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

test("it is for the servers that every client has started for itself, of the profile that is served", async () => {
  const profiles = [{ name: "dev", servers: ["own", "lazy", "shared", "far"], rules: [] }];
  const far = { kind: "http", name: "far", url: "http://127.0.0.1:9/mcp", wire: "http", headers: {} } as const;
  const servers = [
    noting("own"),
    noting("lazy", { life: { ...DEFAULT_LIFE, start: "lazy" } }),
    noting("shared", { life: { ...DEFAULT_LIFE, share: true } }),
    { ...far, root: undefined, home: undefined },
    noting("other"),
  ];
  const headStart = new HeadStart(settingsOf(servers, { profiles }), "dev");
  await whenUp("own");
  await headStart.close();
  expect(["lazy", "shared", "other"].map(pidOf)).toEqual([undefined, undefined, undefined]);
});

test("one that could change the policy is refused with it, and has not run, unless it is trusted", async () => {
  const rules = join(folder, "rules");
  const given = (name: string): ProcessServer => {
    const server = noting(name);
    return { ...server, args: [...server.args, "sh", rules] };
  };
  const servers = [given("of-settings"), given("of-arguments"), given("trusted"), noting("harmless")];
  const settings = settingsOf(servers, { trustServers: ["trusted"] });
  const starts = [
    new HeadStart(
      { ...settings, servers: servers.filter(({ name }) => name !== "of-arguments"), rules: [rules] },
      undefined,
    ),
    new HeadStart({ ...settings, servers: servers.filter(({ name }) => name === "of-arguments") }, undefined, [rules]),
  ];
  await Promise.all([whenUp("trusted"), whenUp("harmless")]);
  await Promise.all(starts.map((headStart) => headStart.close()));
  expect(["of-settings", "of-arguments"].map(pidOf)).toEqual([undefined, undefined]);
});

test.each([
  ["the lock, before it is there", (at) => at("mcprules.lock")],
  ["the settings", (at) => at("servers.json")],
  ["a file that a link among the rules leads to", (at) => at("away/linked.mcprules")],
  ["a folder that a link among the rules leads to", (at) => at("away/folder")],
  ["a folder below that", (at) => at("away/folder/deep")],
  ["the rules of another profile", (at) => at("prod")],
  ["what a module is made of", (at) => at("module.mjs")],
  ["a file with a secret", (at) => at("secret.pem")],
  ["translations that are remembered", (at) => at("kept.jsonl")],
] satisfies readonly (readonly [string, (at: (path: string) => string) => string])[])(
  "one that is given %s has not run either",
  async (_what, given) => {
    const place = mkdtempSync(join(folder, "places-"));
    const at = (path: string): string => join(place, path);
    for (const path of ["rules", "prod", "away/folder/deep", "beside"]) mkdirSync(at(path), { recursive: true });
    for (const path of ["module.mjs", "secret.pem", "away/linked.mcprules"]) writeFileSync(at(path), "a secret");
    symlinkSync(at("away/linked.mcprules"), at("rules/a.mcprules"));
    symlinkSync(at("away/folder"), at("rules/sub"));
    const naming = (name: string, path: string): object => {
      const { command, args } = noting(name);
      return { command, args: [...args, "sh", path] };
    };
    const mcprules = {
      profiles: { dev: { rules: ["rules"] }, prod: { rules: ["prod"] } },
      modules: { tidy: { module: "module.mjs" } },
      translators: { deepl: { kind: "deepl", key: { file: "secret.pem" } } },
      translationMemory: "kept.jsonl",
    };
    const mcpServers = { exposed: naming("exposed", given(at)), beside: naming("beside", at("beside")) };
    const text = JSON.stringify({ mcpServers, mcprules });
    writeFileSync(at("servers.json"), text);
    const reading = readSettings(at("servers.json"), {});
    if (reading.kind !== "settings") throw new Error(reading.problems[0]?.message);
    const { settings } = reading;
    const headStart = new HeadStart(settings, "dev");
    for (const last = Date.now() + 5000; Date.now() < last && !existsSync(at("beside.pid"));) await delay(10);
    await headStart.close();
    expect(["beside", "exposed"].map((name) => existsSync(at(`${name}.pid`)))).toEqual([true, false]);
    const [input, output] = [new PassThrough(), new PassThrough()];
    const started = await startProxy({ settings, rules: [], log: quietLog(), input, output, profile: "dev" });
    expect(started.kind === "refused" ? started.report : "").toContain("the server `exposed` is given");
  },
);

test("who takes a server gets it once, with what it said on stderr meanwhile", async () => {
  const server = noting("taken");
  const headStart = new HeadStart(settingsOf([server]), undefined);
  const pid = await whenUp("taken");
  const said: string[] = [];
  const taken = headStart.take(server, (line) => said.push(line));
  expect(headStart.take(server, () => undefined)).toBeUndefined();
  await headStart.close();
  expect(isAlive(pid)).toBe(true);
  await taken?.close();
  expect(said).toEqual(["up"]);
  expect(isAlive(pid)).toBe(false);
});

test("one that cannot be started says why when it is taken", async () => {
  const server = noting("missing", { command: join(folder, "nothing-here") });
  const headStart = new HeadStart(settingsOf([server]), undefined);
  const taken = headStart.take(server, () => undefined);
  expect(taken?.streams).toBeUndefined();
  expect(await taken?.ended).toContain("could not be started: there is no command");
});

test.each([
  ["refused", "mcprules 1\nrule x\n  when nothing at all\n", ""],
  ["in-force", "mcprules 1\ndefault allow\n", "server/discover"],
])("before a policy is in force a server hears nothing: %s", async (name, policy, heard) => {
  const rules = join(folder, `${name}.mcprules`);
  writeFileSync(rules, policy);
  const settings = settingsOf([noting(name)], { rules: [rules] });
  const headStart = new HeadStart(settings, undefined);
  const pid = await whenUp(name);
  const [input, output] = [new PassThrough(), new PassThrough()];
  const started = await startProxy({ settings, rules: [], log: quietLog(), input, output, headStart });
  await headStart.close();
  expect(isAlive(pid)).toBe(name === "in-force");
  if (started.kind === "started") await started.proxy.close();
  expect(isAlive(pid)).toBe(false);
  expect(readFileSync(join(folder, `${name}.heard`), "utf8")).toMatch(heard === "" ? /^$/ : new RegExp(heard));
});
