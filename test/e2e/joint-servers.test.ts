// Servers that all clients share, and servers that start when they are needed, in front of real clients.
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { describe, expect, test } from "vitest";
import { ALLOW_ALL, openFolder } from "./folder.ts";
import { startHttpProxy } from "./http-proxy.ts";
import { connect, noted, textOf } from "./plain-client.ts";
import { ownServer } from "./programs.ts";
import { serveEverything } from "./remote-everything.ts";
import { freePort } from "../free-port.ts";

describe("a server that is shared", () => {
  test("is one process for all sessions, which are told apart", async () => {
    const folder = openFolder();
    folder.write("rules/policy.mcprules", ALLOW_ALL);
    const mcpServers = { own: noted(ownServer(), folder.at("own.pids")) };
    const mcprules = { rules: ["rules"], servers: { own: { share: true } } };
    folder.write("servers.json", JSON.stringify({ mcpServers, mcprules }));
    const { url } = await startHttpProxy("--config", folder.at("servers.json"));
    const clients = await Promise.all(Array.from({ length: 8 }, () => connect(new URL(url))));
    const answers = await Promise.all(
      clients.flatMap((client, index) => [
        textOf(client, "slow", { ms: 100 - index }),
        textOf(client, "echo", { index }),
      ]),
    );
    expect(answers).toEqual(clients.flatMap((_client, index) => [`after ${100 - index}`, JSON.stringify({ index })]));
    expect(folder.read("own.pids").trim().split("\n")).toHaveLength(1);
    await clients[0]?.close();
    const [, second] = clients;
    await expect(second?.callTool({ name: "die", arguments: {} })).rejects.toThrow("5030");
    expect(await textOf(clients[2] as Client, "echo", { again: true })).toBe('{"again":true}');
    expect(folder.read("own.pids").trim().split("\n")).toHaveLength(2);
  });
});

describe("a server over HTTP that is shared", () => {
  test("has one session, in which each client gets its own answers and its own progress", async () => {
    const folder = openFolder();
    const port = await freePort();
    await serveEverything("streamableHttp", port);
    folder.write("rules/policy.mcprules", ALLOW_ALL);
    const mcpServers = { everything: { url: `http://127.0.0.1:${port}/mcp` } };
    const mcprules = { rules: ["rules"], servers: { everything: { share: true } } };
    folder.write("servers.json", JSON.stringify({ mcpServers, mcprules }));
    const { url } = await startHttpProxy("--config", folder.at("servers.json"));
    const clients = await Promise.all(Array.from({ length: 3 }, () => connect(new URL(url))));
    const outcomes = await Promise.all(
      clients.map(async (client, index) => {
        const seen: number[] = [];
        const steps = index + 2;
        const request = { name: "trigger-long-running-operation", arguments: { duration: 0.5, steps } };
        const onprogress = ({ progress }: { readonly progress: number }): void => void seen.push(progress);
        await client.callTool(request, undefined, { onprogress });
        return [await textOf(client, "echo", { message: `from ${index}` }), seen.length];
      }),
    );
    expect(outcomes).toEqual(clients.map((_client, index) => [`Echo: from ${index}`, index + 2]));
  }, 30_000);
});

describe("a server that starts when it is needed", () => {
  test("is started for the first client of a kind, and for later ones when they call", async () => {
    const folder = openFolder();
    folder.write("rules/policy.mcprules", ALLOW_ALL);
    const mcpServers = { own: noted(ownServer(), folder.at("own.pids")) };
    const mcprules = { rules: ["rules"], servers: { own: { start: "lazy" } } };
    folder.write("servers.json", JSON.stringify({ mcpServers, mcprules }));
    const { url } = await startHttpProxy("--config", folder.at("servers.json"));
    const started = (): number => folder.read("own.pids").trim().split("\n").length;
    const first = await connect(new URL(url));
    const listed = await first.listTools();
    expect(started()).toBe(1);
    const second = await connect(new URL(url));
    expect(await second.listTools()).toEqual(listed);
    expect(started()).toBe(1);
    expect(await textOf(second, "echo", { a: 1 })).toBe('{"a":1}');
    expect(started()).toBe(2);
  });
});
