// A proxy with the modules and the policy of one example, in front of a small server, talked to as a client does.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { parseSettings } from "../../src/io/settings/settings-file.ts";
import { renderProblems } from "../../src/io/settings/problem.ts";
import { type DecisionLog, startProxy } from "../../src/index.ts";
import type { DecisionRecord } from "../../src/engine/decision-record.ts";
import type { JsonObject } from "../../src/mcp/json.ts";
import { ownServer, type Program } from "../e2e/programs.ts";

export const EXAMPLES = fileURLToPath(new URL("../../modules-examples/", import.meta.url));

const ends: (() => Promise<void>)[] = [];

// Said while the tests are collected: one that is said inside of a hook is not heard.
afterAll(async () => {
  for (const end of ends) await end();
});

export interface Proxied {
  call(name: string, args: JsonObject): Promise<JsonObject>;
  request(method: string, params: JsonObject): Promise<JsonObject>;
  readonly records: DecisionRecord[];
  readonly reports: string[];
  close(): Promise<void>;
}

export interface Setting {
  readonly folder: string;
  /** The section `modules`, as JSON text. */
  readonly modules: string;
  /** A file of rules, absolute. */
  readonly rules: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly server?: Program;
}

export function example(name: string, environment: Readonly<Record<string, string>> = {}): Promise<Proxied> {
  const folder = `${EXAMPLES}${name}/`;
  const modules = readFileSync(`${folder}modules.json`, "utf8");
  return proxied({ folder, modules, rules: `${folder}policy.mcprules`, environment });
}

export async function proxied({
  folder,
  modules,
  rules,
  environment = {},
  server = ownServer("echo", "write_file"),
}: Setting): Promise<Proxied> {
  const text = `{"mcpServers": {"own": ${JSON.stringify(server)}}, "mcprules": {"modules": ${modules}}}`;
  const reading = parseSettings(`${folder}mcprules.json`, text, { ...process.env, ...environment });
  if (reading.kind === "problems") throw new Error(renderProblems(reading.problems));
  const records: DecisionRecord[] = [];
  const reports: string[] = [];
  const log: DecisionLog = {
    record: (record) => void records.push(record),
    line: () => undefined,
    report: (_level, line) => void reports.push(line),
    serverSaid: (who, line) => void reports.push(`${who}: ${line}`),
    close: () => Promise.resolve(),
  };
  const [input, output] = [new PassThrough(), new PassThrough()];
  const started = await startProxy({
    settings: { ...reading.settings, file: undefined },
    rules: [rules],
    log,
    input,
    output,
  });
  if (started.kind === "refused") throw new Error(started.report);
  const client = new StreamClient(input, output);
  await client.greet();
  const close = (): Promise<void> => started.proxy.close({ haste: true });
  ends.push(close);
  return {
    call: (name, args) => client.request("tools/call", { name, arguments: args }),
    request: (method, params) => client.request(method, params),
    records,
    reports,
    close,
  };
}

class StreamClient {
  private readonly input: PassThrough;
  private readonly waiting = new Map<number, (message: JsonObject) => void>();
  private lastId = 0;

  constructor(input: PassThrough, output: PassThrough) {
    this.input = input;
    createInterface({ input: output }).on("line", (line) => {
      const message = JSON.parse(line) as JsonObject;
      this.waiting.get(Number(message["id"]))?.(message);
    });
  }

  async greet(): Promise<void> {
    const clientInfo = { name: "t", version: "1" };
    await this.request("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo });
    this.input.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  }

  /** The whole answer: `{result}` or `{error}`. */
  request(method: string, params: JsonObject): Promise<JsonObject> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.input.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    });
  }
}
