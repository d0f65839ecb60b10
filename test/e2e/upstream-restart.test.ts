// A real server over HTTP that dies and comes back while a client works with it through the proxy.
import { once } from "node:events";
import { expect, test } from "vitest";
import { call } from "./conversations.ts";
import { ALLOW_ALL, openFolder } from "./folder.ts";
import { ownServer, proxy } from "./programs.ts";
import { serveEverything } from "./remote-everything.ts";
import { connectSdkClient } from "./sdk-client.ts";
import { freePort } from "../free-port.ts";

const { method, params } = call("echo", { message: "hello" });
const ECHOED = { result: { content: [{ type: "text", text: "Echo: hello" }] } };

test("its calls are answered 5030 while it is away, and go on when it is back, with nothing else to notice", async () => {
  const folder = openFolder();
  const port = await freePort();
  const first = await serveEverything("streamableHttp", port);
  folder.write("rules/policy.mcprules", ALLOW_ALL);
  const mcpServers = { everything: { url: `http://127.0.0.1:${port}/mcp` } };
  folder.write("servers.json", JSON.stringify({ mcpServers, mcprules: { rules: ["rules"] } }));
  const client = await connectSdkClient(proxy("--config", folder.at("servers.json")));
  expect(await client.request(method, params)).toEqual(ECHOED);
  const listed = await client.request("tools/list");

  first.kill("SIGKILL");
  await once(first, "exit");
  expect(await client.request(method, params)).toMatchObject({ error: { code: 5030 } });
  expect(await client.request("tools/list")).toEqual(listed);

  await serveEverything("streamableHttp", port);
  expect(await client.request(method, params)).toEqual(ECHOED);
  expect(await client.request("tools/list")).toEqual(listed);
  expect(client.stderr()).not.toContain("a bug of mcprules");
}, 40_000);

test("one that is not there when the client comes is listed once it is, and the client is told", async () => {
  const folder = openFolder();
  const port = await freePort();
  folder.write("rules/policy.mcprules", ALLOW_ALL);
  const mcpServers = { own: ownServer("here"), everything: { url: `http://127.0.0.1:${port}/mcp` } };
  folder.write("servers.json", JSON.stringify({ mcpServers, mcprules: { rules: ["rules"] } }));
  const client = await connectSdkClient(proxy("--config", folder.at("servers.json")));
  const names = async (): Promise<readonly string[]> => (await client.client.listTools()).tools.map(({ name }) => name);
  expect(await names()).toEqual(["here"]);
  await serveEverything("streamableHttp", port);
  const changed = { method: "notifications/tools/list_changed" };
  await expect.poll(() => client.notified, { timeout: 15_000 }).toContainEqual(expect.objectContaining(changed));
  expect(await names()).toContain("echo");
  expect(await client.request(method, params)).toEqual(ECHOED);
}, 40_000);
