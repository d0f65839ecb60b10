// A stage with one process for all clients, which answers what it is asked in the opening scene.
import { createDispatcher, type Dispatcher } from "../../../src/dispatch/dispatcher.ts";
import type { Command, Event } from "../../../src/dispatch/event.ts";
import { DEFAULT_LIFE } from "../../../src/dispatch/life/life-options.ts";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import { ALLOW, hello, revisionOf, Stage } from "../stage.ts";

const ROLE = { transport: "stdio", root: undefined, home: undefined, era: "legacy" } as const;
const SERVER = { name: "a", ...ROLE, life: { ...DEFAULT_LIFE, share: true } };
const CAPABILITIES = { tools: { listChanged: true }, resources: { subscribe: true }, logging: {} };
const INTRODUCTION = { capabilities: CAPABILITIES, serverInfo: {}, instructions: "Say sesame." };
const LISTS: Readonly<Record<string, JsonObject>> = {
  "tools/list": { tools: [{ name: "echo", inputSchema: {} }] },
  "resources/list": { resources: [{ uri: "file:///a", name: "a" }] },
  "resources/templates/list": { resourceTemplates: [] },
};

export type Said = readonly [to: string, message: JsonObject];

/** Clients `a1`, `a2` … and one process, which answers what is asked in the opening scene. */
export class Scene {
  private readonly stage: Stage;
  private readonly dispatcher: Dispatcher;
  readonly others: Command[] = [];
  /** The server answers nothing by itself. */
  isSilent = false;
  private readonly requests: JsonObject[] = [];

  constructor(policy = ALLOW) {
    this.stage = new Stage({ policy });
    const options = {
      servers: [SERVER],
      naming: "plain",
      names: undefined,
      limits: { depth: 64, inFlight: 100 },
      proxy: { name: "mcprules", version: "1.2.3" },
      seal: { seal: (plain: string) => plain, open: (sealed: string) => sealed, digest: (text: string) => text },
      token: () => "token",
    } as const;
    this.dispatcher = createDispatcher(options, this.stage.store);
  }

  static with(...clients: readonly string[]): Scene {
    const scene = new Scene();
    for (const client of clients) scene.enter(client);
    scene.others.length = 0;
    return scene;
  }

  enter(client: string, params?: JsonObject): readonly Said[] {
    const opened = this.happen({ kind: "client-opened", client, user: undefined, profile: undefined });
    const greeted = this.client(client, hello(params));
    const up = this.others.some((command) => command.kind === "open-server") ? this.raise() : [];
    return [...opened, ...greeted, ...up, ...this.client(client, { method: "notifications/initialized" })];
  }

  raise(): readonly Said[] {
    this.others.splice(
      this.others.findIndex(({ kind }) => kind === "open-server"),
      1,
    );
    return this.happen({ kind: "server-opened", client: "shared", server: "a" });
  }

  happen(event: Event): readonly Said[] {
    const commands = this.dispatcher.handle(event, this.stage.now);
    this.others.push(...commands.filter(({ kind }) => kind !== "to-client" && kind !== "to-server"));
    return commands.flatMap((command) => this.said(command));
  }

  client(client: string, message: JsonObject): readonly Said[] {
    return this.happen({ kind: "client-message", client, bytes: bytesOf(message) });
  }

  server(message: JsonObject, about?: string): readonly Said[] {
    return this.happen({ kind: "server-message", client: "shared", server: "a", bytes: bytesOf(message), about });
  }

  /** A new policy is swapped in and told of. */
  swap(policy: string): readonly Said[] {
    this.stage.store.swap(revisionOf(policy, "r2"));
    return this.happen({ kind: "policy-changed" });
  }

  /** Time goes by. */
  pass(milliseconds: number): void {
    this.stage.now += milliseconds;
  }

  /** The id of the last request of this method that the server got. */
  asked(method: string): JsonValue {
    return this.requests.findLast((request) => request["method"] === method)?.["id"] ?? null;
  }

  joint(): unknown {
    return this.dispatcher.jointStatus()[0];
  }

  reports(): readonly string[] {
    return this.others.flatMap((command) => (command.kind === "report" ? [command.text] : []));
  }

  private said(command: Command): readonly Said[] {
    if (command.kind !== "to-client" && command.kind !== "to-server") return [];
    const message = JSON.parse(Buffer.concat(command.bytes).toString()) as JsonObject;
    if (command.kind === "to-client") return [[command.client, message]];
    if (command.client !== "shared") throw new Error("a server of its own was spoken to");
    this.requests.push(message);
    const result = this.isSilent ? undefined : resultOf(message);
    return result === undefined
      ? [["server", message]]
      : [["server", message], ...this.server({ id: message["id"] ?? null, result })];
  }
}

function resultOf({ method, id }: JsonObject): JsonObject | undefined {
  if (typeof method !== "string" || id === undefined) return undefined;
  if (method === "initialize") return { ...INTRODUCTION, protocolVersion: "2025-11-25" };
  return LISTS[method];
}

function bytesOf(message: JsonObject): Buffer {
  return Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
}

export function call(id: number, token?: string): JsonObject {
  const meta = token === undefined ? {} : { _meta: { progressToken: token } };
  return { id, method: "tools/call", params: { name: "echo", arguments: {}, ...meta } };
}

/** The id under which the server was asked. */
export function idIn(said: readonly Said[]): JsonValue {
  const [, message] = said.find(([to]) => to === "server") ?? [];
  return message?.["id"] ?? null;
}

export function methodsTo(to: string, said: readonly Said[]): readonly JsonValue[] {
  return said.flatMap(([who, { method }]) => (who === to && method !== undefined ? [method] : []));
}
