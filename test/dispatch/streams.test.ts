// Messages of a client over HTTP: what belongs to a request goes on the stream it came on, and each stream ends.
import { describe, expect, test } from "vitest";
import type { Command, Event } from "../../src/dispatch/event.ts";
import { hello, Stage } from "./stage.ts";
import { call } from "../tool-call.ts";

interface Scene {
  readonly protocolVersion?: string;
}

/** Two servers, a client whose handshake came on stream 1; what happens is told as `stream: message`. */
function open({ protocolVersion = "2025-11-25" }: Scene = {}) {
  const servers = { a: { capabilities: { logging: {} } }, b: { tools: [{ name: "other", inputSchema: {} }] } };
  const stage = new Stage({ servers });
  stage.happen({ kind: "client-opened", client: "c", user: undefined, profile: undefined });
  const commands: Command[] = [];
  const happen = (event: Event): readonly string[] => {
    const made = stage.dispatcher.handle(event, stage.now);
    commands.push(...made);
    return made.flatMap(shown);
  };
  const client = (stream: number, message: object): readonly string[] =>
    happen({ kind: "client-message", client: "c", bytes: bytesOf(message), stream });
  const server = (name: string, message: object, about?: string): readonly string[] =>
    happen({ kind: "server-message", client: "c", server: name, bytes: bytesOf(message), about });
  client(1, hello({ protocolVersion }));
  for (const name of Object.keys(servers)) stage.raise(name);
  client(2, { method: "notifications/initialized" });
  commands.length = 0;
  return { client, server, happen };
}

function bytesOf(message: object): Buffer {
  const whole = (one: object): object => ({ jsonrpc: "2.0", ...one });
  return Buffer.from(JSON.stringify(Array.isArray(message) ? message.map(whole) : whole(message)));
}

function shown(command: Command): readonly string[] {
  if (command.kind === "stream-done") return [`${command.stream} ends`];
  if (command.kind === "to-server") return [`${command.server} ${summary(command.bytes)}`];
  return command.kind === "to-client" ? [`${command.stream ?? "-"} ${summary(command.bytes)}`] : [];
}

interface Shown {
  readonly id?: string | number;
  readonly method?: string;
}

function summary(bytes: readonly Buffer[]): string {
  const message = JSON.parse(Buffer.concat(bytes).toString()) as Shown | readonly Shown[];
  if ("length" in message) return `[${message.map(({ id }) => id).join(" ")}]`;
  return `${message.method ?? "answer"} ${message.id ?? ""}`.trimEnd();
}

function idOf(said: readonly string[]): number {
  return Number(said[0]?.split(" ")[2]);
}

describe("a request that came on a stream", () => {
  test("is answered on it, and then it ends", () => {
    const { client, server } = open();
    const id = idOf(client(7, call(1)));
    expect(server("a", { id, result: {} })).toEqual(["7 answer 1", "7 ends"]);
  });

  test("is told from another with the same id", () => {
    const { client, server } = open();
    const [first, second] = [idOf(client(7, call(1))), idOf(client(8, call(1)))];
    expect(server("a", { id: second, result: {} })).toEqual(["8 answer 1", "8 ends"]);
    expect(server("a", { id: first, result: {} })).toEqual(["7 answer 1", "7 ends"]);
  });

  test("that is cancelled leaves no stream open", () => {
    const { client } = open();
    client(7, call(1));
    const cancelled = client(8, { method: "notifications/cancelled", params: { requestId: 1 } });
    expect(cancelled).toContain("7 ends");
    expect(cancelled).toContain("8 ends");
  });

  test("is answered on it, whoever else is asked in between", () => {
    const { client, server } = open();
    const id = idOf(client(7, call(1)));
    expect(server("a", { id: 5, method: "elicitation/create", params: { message: "?" } })[0]).toMatch(
      /^7 elicitation\/create/,
    );
    expect(server("a", { id, result: {} })).toEqual(["7 answer 1", "7 ends"]);
  });

  test("is not cancelled by a lost connection", () => {
    const { client, server, happen } = open();
    const id = idOf(client(7, call(1)));
    expect(happen({ kind: "stream-closed", client: "c", stream: 7 })).toEqual([]);
    expect(server("a", { id, result: {} })).toEqual(["7 answer 1", "7 ends"]);
  });
});

test("what wants no answer ends its stream at once", () => {
  const { client } = open();
  expect(client(9, { method: "notifications/roots/list_changed" }).at(-1)).toBe("9 ends");
  expect(client(10, { id: 99, result: {} })).toEqual(["10 ends"]);
});

describe("what a server says in between goes", () => {
  const log = { method: "notifications/message", params: { level: "error", data: "x" } };

  test("with the latest request that this server has not answered", () => {
    const { client, server } = open();
    client(7, call(1));
    const second = idOf(client(8, call(2)));
    client(9, call(3, {}, { name: "other" }));
    expect(server("a", log)).toEqual(["8 notifications/message"]);
    server("a", { id: second, result: {} });
    expect(server("a", log)).toEqual(["7 notifications/message"]);
  });

  test("with the request that it is about, where that is known", () => {
    const { client, server } = open();
    const first = idOf(client(7, call(1)));
    client(8, call(2));
    expect(server("a", log, String(first))).toEqual(["7 notifications/message"]);
  });

  test("on no stream when nothing is asked of this server", () => {
    const { client, server } = open();
    client(9, call(3, {}, { name: "other" }));
    expect(server("a", log)).toEqual(["- notifications/message"]);
  });

  test("with the request whose progress it is", () => {
    const { client, server } = open();
    const params = { name: "echo", arguments: {}, _meta: { progressToken: "p" } };
    const id = idOf(client(7, { id: 1, method: "tools/call", params }));
    client(8, call(2));
    const progress = { method: "notifications/progress", params: { progressToken: id, progress: 1 } };
    expect(server("a", progress)).toEqual(["7 notifications/progress"]);
  });
});

describe("a batch", () => {
  test("of 2025-03-26 is answered by one, and then its stream ends", () => {
    const { client, server } = open({ protocolVersion: "2025-03-26" });
    const said = client(7, [call(1), call(2), { jsonrpc: "2.0", method: "notifications/roots/list_changed" }]);
    const [first, second] = said.filter((line) => line.startsWith("a tools/call")).map((line) => idOf([line]));
    expect(server("a", { id: second, result: {} })).toEqual([]);
    expect(server("a", { id: first, result: {} })).toEqual(["7 [2 1]", "7 ends"]);
  });

  test("of another revision is answered one by one", () => {
    const { client, server } = open();
    const said = client(7, [call(1), call(2)]);
    const [first, second] = said.map((line) => idOf([line]));
    expect(server("a", { id: second, result: {} })).toEqual(["7 answer 2"]);
    expect(server("a", { id: first, result: {} })).toEqual(["7 answer 1", "7 ends"]);
  });

  test("without requests wants no answer", () => {
    const { client } = open({ protocolVersion: "2025-03-26" });
    expect(client(7, [{ jsonrpc: "2.0", id: 99, result: {} }])).toEqual(["7 ends"]);
  });
});

test("what a newer token says of the user holds from then on, in lists and for calls", () => {
  const policy = `default allow\nrule no-interns\n  when tool echo on a for group interns\n  block "Ask."`;
  const stage = Stage.open({ policy });
  const known = (group: string): readonly unknown[] =>
    stage.happen({ kind: "client-known", client: "c", user: { id: "ada", groups: [group], claims: {} } });
  const calling = { id: 1, method: "tools/call", params: { name: "echo", arguments: {} } };
  const changed = [["client", { method: "notifications/tools/list_changed" }]];
  expect(known("interns")).toEqual(changed);
  expect(stage.client({ id: 0, method: "tools/list" })).toEqual([["client", { id: 0, result: { tools: [] } }]]);
  expect(stage.client(calling)).toMatchObject([["client", { error: { message: "Unknown tool: echo" } }]]);
  expect(known("interns")).toEqual([]);
  expect(known("editors")).toEqual(changed);
  expect(stage.client({ ...calling, id: 3 })).toMatchObject([["a", { method: "tools/call" }]]);
});
