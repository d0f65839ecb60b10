// The stage of the tour: a temporary folder, two real servers behind the built proxy, and a real SDK client.
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { getDefaultEnvironment, StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import type { Readable } from "node:stream";
import { followLog, type LogFollower } from "./log-follower.ts";
import type { Recorded } from "./recorder.ts";

export interface Stage {
  readonly client: Client;
  readonly log: LogFollower;
  /** What the human before the client was asked so far, in order. */
  readonly questions: readonly Question[];
  /** Of the servers, below `temporary`. */
  readonly folder: string;
  readonly temporary: string;
  readonly servers: readonly string[];
  /** All that was recorded of a server so far, in order. */
  readonly recordedOf: (server: string) => readonly Recorded[];
  close(): Promise<void>;
}

export interface Question {
  readonly text: string;
  readonly answer: "approve" | "decline";
}

export interface TourPlaces {
  /** The clone. */
  readonly root: string;
  /** dist/tour.js, which records too. */
  readonly script: string;
}

/** Below the clone, as it is shown. */
export const STORY = "rules-examples/tour";
/** What the story's files call the folder of the servers. */
const FOLDER = "/projects";

/** A text: why the proxy did not start, in its own words. */
export async function openStage(places: TourPlaces): Promise<Stage | string> {
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), "mcprules-tour-")));
  const folder = join(temporary, "projects");
  cpSync(join(places.root, STORY, "folder"), folder, { recursive: true });
  const settings = settingsOf(places, temporary, folder);
  const config = join(temporary, "servers.json");
  writeFileSync(config, JSON.stringify(settings));
  const transport = new StdioClientTransport({
    command: execPath,
    args: [join(places.root, "dist/cli.js"), "run", "--config", config, "--rules", STORY],
    cwd: places.root,
    env: getDefaultEnvironment(),
    stderr: "pipe",
  });
  const log = followLog(transport.stderr as Readable);
  const questions: Question[] = [];
  const client = createClient(questions);
  const close = async (): Promise<void> => {
    // A client that only leaves lets the proxy wait for servers that do not end by themselves.
    if (transport.pid !== null) process.kill(transport.pid, "SIGTERM");
    await client.close();
    rmSync(temporary, { recursive: true, force: true });
  };
  try {
    await client.connect(transport);
  } catch (error) {
    await close();
    return log.noise.length > 0 ? log.noise.join("\n") : `the proxy did not start: ${String(error)}`;
  }
  const names = Object.keys(settings.mcpServers);
  return {
    client,
    log,
    questions,
    folder,
    temporary,
    servers: names,
    recordedOf: (server) => readRecord(recordOf(temporary, server)),
    close,
  };
}

/** Requests of the story's session, with the folder of this tour in them. */
export function sessionOf(root: string, folder: string): readonly Sent[] {
  const lines = readFileSync(join(root, STORY, "session.jsonl"), "utf8").split("\n");
  return lines
    .filter((line) => line.startsWith("{"))
    .map((line) => (JSON.parse(line.replaceAll(FOLDER, folder)) as { readonly sends: Sent }).sends);
}

export interface Sent {
  readonly method: string;
  readonly params?: { readonly name: string; readonly arguments: object };
}

/** With a human who approves everything but what has to do with keys. */
function createClient(questions: Question[]): Client {
  const client = new Client({ name: "tour", version: "1.0.0" }, { capabilities: { elicitation: { form: {} } } });
  client.setRequestHandler(ElicitRequestSchema, ({ params: { message } }) => {
    const answer = message.includes("id_rsa") ? "decline" : "approve";
    questions.push({ text: message.split("\n")[0] ?? "", answer });
    return { action: "accept", content: { decision: answer } };
  });
  return client;
}

interface TourSettings {
  readonly mcpServers: Readonly<Record<string, object>>;
  readonly mcprules: object;
}

/** Those of the story, for this place: what they name beside them (`./`) stays in the clone, to be edited there. */
function settingsOf(places: TourPlaces, temporary: string, folder: string): TourSettings {
  const story = join(places.root, STORY);
  const text = readFileSync(join(story, "servers.json"), "utf8").replaceAll(FOLDER, folder);
  const { mcpServers, mcprules } = JSON.parse(text.replaceAll('"./', `"${story}/`)) as StorySettings;
  const servers = Object.entries(mcpServers).map(([name, { args }]): [string, object] => [
    name,
    recordedServer(args, recordOf(temporary, name), places),
  ]);
  return { mcpServers: Object.fromEntries(servers), mcprules: { ...mcprules, log: { level: "debug" } } };
}

interface StorySettings {
  readonly mcpServers: Readonly<Record<string, { readonly args: readonly string[] }>>;
  readonly mcprules: object;
}

/** `npx -y PACKAGE` needs the network; the same package lies in node_modules. */
function recordedServer(
  [, pack = "", ...args]: readonly string[],
  record: string,
  { root, script }: TourPlaces,
): object {
  const server = [execPath, join(root, "node_modules", pack, "dist/index.js"), ...args];
  return { command: execPath, args: [script, "--record", record, ...server] };
}

function recordOf(temporary: string, server: string): string {
  return join(temporary, `${server}.jsonl`);
}

function readRecord(path: string): readonly Recorded[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Recorded);
}
