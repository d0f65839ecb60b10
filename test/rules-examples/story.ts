// A story of rules-examples/, played end to end: the built proxy, real servers from npm, and a record of what they were sent.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  McpError,
  ResultSchema,
} from "@modelcontextprotocol/sdk/types.js";
import type { JsonObject, JsonValue } from "../../src/mcp/json.ts";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const STORIES = join(ROOT, "rules-examples");
const RECORDER = join(ROOT, "test/rules-examples/recorder.mjs");
/** What stories call the folder that the servers work in; each play gives it a new one. */
const FOLDER = "/projects";

/** One line of a `session.jsonl`. */
export interface Exchange {
  readonly sends: { readonly method: string; readonly params?: JsonObject };
  /** By server: what it was sent. A server that is not named was sent nothing. Left out: not looked at. */
  readonly receives?: Readonly<Record<string, JsonValue>>;
  /** What the servers asked the client meanwhile; `null`: nothing. */
  readonly asked?: JsonValue;
  /** `{result}` or `{error}`. */
  readonly gets?: JsonValue;
  /** Names that a list holds, and does not hold. */
  readonly listed?: readonly string[];
  readonly hidden?: readonly string[];
}

export interface Play {
  readonly client: Client;
  readonly folder: string;
  /** What the client was asked by servers, in order. */
  readonly asked: JsonValue[];
  /** Messages with that method that reached each server since the last look. */
  receivedOf(method: string): Readonly<Record<string, readonly JsonValue[]>>;
  /** What the proxy said to the operator so far. */
  log(): string;
  close(): Promise<void>;
}

export function stories(): readonly string[] {
  return readdirSync(STORIES).filter((name) => statSync(join(STORIES, name)).isDirectory());
}

export function exchangesOf(story: string, folder: string): readonly Exchange[] {
  const path = join(STORIES, story, "session.jsonl");
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  return lines
    .filter((line) => line.trim() !== "" && !line.startsWith("//"))
    .map((line) => JSON.parse(line.replaceAll(FOLDER, folder)) as Exchange);
}

export async function play(story: string): Promise<Play> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "mcprules-story-")));
  const records = join(folder, "records");
  const projects = join(folder, "projects");
  const { args, names, askers } = prepare(story, { folder, projects, records });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(ROOT, "dist/cli.js"), "run", ...args],
    cwd: folder,
    stderr: "pipe",
  });
  const said: string[] = [];
  transport.stderr?.on("data", (chunk: Buffer) => said.push(String(chunk)));
  const asked: JsonValue[] = [];
  const { client, rootsAsked } = createClient(asked, projects);
  await client.connect(transport);
  // A server that asks something while a call is with it has no answer that could be kept for others.
  await untilAsked(rootsAsked, askers);
  return {
    client,
    folder: projects,
    asked,
    receivedOf: createReader(records, names),
    log: () => said.join(""),
    close: async () => {
      // Without it, servers that do not end by themselves are waited for.
      if (transport.pid !== null) process.kill(transport.pid, "SIGTERM");
      await client.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Sends one request as it stands; an error is an outcome like any other. */
export async function outcomeOf(client: Client, sends: Exchange["sends"]): Promise<JsonObject> {
  try {
    const result = await client.request(sends, ResultSchema);
    return { result: result as JsonObject };
  } catch (error) {
    if (!(error instanceof McpError)) throw error;
    return { error: { code: error.code, message: error.message, data: (error.data ?? null) as JsonValue } };
  }
}

interface Places {
  readonly folder: string;
  readonly projects: string;
  readonly records: string;
}

interface Prepared {
  readonly args: readonly string[];
  readonly names: readonly string[];
  /** How many of the servers ask for the client's roots: at once, or a while after they have been greeted. */
  readonly askers: number;
}

/** Of the reference servers. */
const ASKERS = /server-(?:everything|filesystem)/;

function prepare(story: string, places: Places): Prepared {
  const from = join(STORIES, story);
  mkdirSync(places.records);
  mkdirSync(places.projects);
  if (existsSync(join(from, "folder"))) cpSync(join(from, "folder"), places.projects, { recursive: true });
  for (const module of readdirSync(from).filter((name) => name.endsWith(".mjs"))) {
    cpSync(join(from, module), join(places.folder, module));
  }
  const catalogues = join(from, "translations");
  if (existsSync(catalogues)) cpSync(catalogues, join(places.folder, "translations"), { recursive: true });
  const policy = join(places.folder, "policy.mcprules");
  writeFileSync(policy, readFileSync(join(from, "policy.mcprules"), "utf8").replaceAll(FOLDER, places.projects));
  if (!existsSync(join(from, "servers.json"))) {
    const command = recorded("server", oneLineOf(from), places.records);
    return { args: ["--rules", policy, "--", ...command], names: ["server"], askers: askersAmong([command]) };
  }
  const text = readFileSync(join(from, "servers.json"), "utf8").replaceAll(FOLDER, places.projects);
  const { mcpServers, ...rest } = JSON.parse(text) as { mcpServers: Readonly<Record<string, ServerEntry>> };
  const servers = Object.entries(mcpServers).map(([name, entry]) => {
    const [command, ...args] = recorded(name, [entry.command, ...entry.args], places.records);
    return [name, { ...entry, command, args }] as const;
  });
  const config = join(places.folder, "servers.json");
  writeFileSync(config, JSON.stringify({ ...rest, mcpServers: Object.fromEntries(servers) }));
  const askers = askersAmong(servers.map(([, { args }]) => args));
  return { args: ["--config", config, "--rules", policy], names: Object.keys(mcpServers), askers };
}

function askersAmong(commands: readonly (readonly (string | undefined)[])[]): number {
  return commands.filter((words) => words.some((word) => ASKERS.test(word ?? ""))).length;
}

interface ServerEntry {
  readonly command: string;
  readonly args: readonly string[];
}

/** The command after `--` in the story's README. */
function oneLineOf(from: string): readonly string[] {
  const line = /^mcprules run .* -- (.*)$/m.exec(readFileSync(join(from, "README.md"), "utf8"))?.[1];
  if (line === undefined) throw new Error(`${from}/README.md shows no \`mcprules run … -- COMMAND\``);
  return line.split(" ");
}

/** `npx -y PACKAGE ARGS` as a reader would write it, run from node_modules (no network) behind the recorder. */
function recorded(name: string, command: readonly string[], records: string): readonly string[] {
  const [npx, yes, pack, ...args] = command;
  if (npx !== "npx" || yes !== "-y" || pack === undefined)
    throw new Error(`not a command of npx: ${command.join(" ")}`);
  const entry = join(ROOT, "node_modules", pack, "dist/index.js");
  return [process.execPath, RECORDER, join(records, `${name}.jsonl`), process.execPath, entry, ...args];
}

/** A policy may keep the question from the client: then it is waited for in vain. */
async function untilAsked(rootsAsked: () => number, times: number): Promise<void> {
  for (const last = Date.now() + 5000; rootsAsked() < times && Date.now() < last;) await delay(20);
}

function createClient(asked: JsonValue[], projects: string): { client: Client; rootsAsked: () => number } {
  let rootsAsked = 0;
  const client = new Client(
    { name: "story", version: "1.0.0" },
    { capabilities: { sampling: {}, elicitation: { form: {} }, roots: { listChanged: true } } },
  );
  client.setRequestHandler(CreateMessageRequestSchema, ({ method, params }) => {
    asked.push({ method, params: params as JsonObject });
    return { model: "none", role: "assistant", content: { type: "text", text: "a sampled answer" } };
  });
  client.setRequestHandler(ElicitRequestSchema, ({ method, params }) => {
    asked.push({ method, params: params as JsonObject });
    // Whoever sits before the client approves what has nothing to do with keys, and answers no other question.
    const isApproval = params.mode !== "url" && Object.hasOwn(params.requestedSchema.properties, "decision");
    const approves = isApproval && !/id_rsa|private key/.test(params.message);
    return approves ? { action: "accept", content: { decision: "approve" } } : { action: "decline" };
  });
  client.setRequestHandler(ListRootsRequestSchema, () => {
    rootsAsked += 1;
    return { roots: [{ uri: `file://${projects}` }] };
  });
  return { client, rootsAsked: () => rootsAsked };
}

function createReader(records: string, names: readonly string[]): Play["receivedOf"] {
  const seen = new Map<string, number>();
  return (method) =>
    Object.fromEntries(
      names.map((name) => {
        const lines = linesOf(join(records, `${name}.jsonl`));
        const fresh = lines.slice(seen.get(name) ?? 0);
        seen.set(name, lines.length);
        return [
          name,
          fresh.map((line) => JSON.parse(line) as JsonObject).filter((message) => message["method"] === method),
        ];
      }),
    );
}

function linesOf(path: string): readonly string[] {
  return existsSync(path)
    ? readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line !== "")
    : [];
}
