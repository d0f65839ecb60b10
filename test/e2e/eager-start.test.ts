// A real server for each client over HTTP: whoever comes after a client of the same kind is answered while the process of the server's starts.
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { describe, expect, test } from "vitest";
import { ALLOW_ALL, type Folder, openFolder } from "./folder.ts";
import { startHttpProxy } from "./http-proxy.ts";
import { connect, textOf } from "./plain-client.ts";
import { type Program, referenceServer } from "./programs.ts";

/** What a process of the server does first, as the file `manner` says: nothing, wait for the file `go`, or fail. */
function mannered({ command, args }: Program, folder: Folder): Program {
  const script = `case "$(cat ${folder.at("manner")})" in
  waits) while [ ! -e ${folder.at("go")} ]; do sleep 0.05; done;;
  fails) exit 3;;
esac
exec "$@"`;
  return { command: "/bin/sh", args: ["-c", script, "sh", command, ...args] };
}

async function open(): Promise<{ readonly folder: Folder; readonly url: URL }> {
  const folder = openFolder();
  folder.write("rules/policy.mcprules", ALLOW_ALL);
  folder.write("manner", "starts");
  const mcpServers = { everything: mannered(referenceServer("everything"), folder) };
  folder.write("servers.json", JSON.stringify({ mcpServers, mcprules: { rules: ["rules"] } }));
  const { url } = await startHttpProxy("--config", folder.at("servers.json"));
  return { folder, url: new URL(url) };
}

/** Its tools. The proxy remembers a server when it has listed all that it has, which takes longer. */
async function toolsOf(client: Client): ReturnType<Client["listTools"]> {
  await Promise.all([client.listPrompts(), client.listResources(), client.listResourceTemplates()]);
  return client.listTools();
}

describe("server-everything, started for each client", () => {
  test("is there for a second client before it is up, and calls wait for it", async () => {
    const { folder, url } = await open();
    const first = await connect(url);
    const listed = await toolsOf(first);
    folder.write("manner", "waits");
    const second = await connect(url);
    expect(second.getServerCapabilities()).toEqual(first.getServerCapabilities());
    expect(second.getInstructions()).toEqual(first.getInstructions());
    expect(await second.listTools()).toEqual(listed);
    expect((await second.listPrompts()).prompts.length).toBeGreaterThan(0);
    const answered = textOf(second, "echo", { message: "soon" });
    expect(await Promise.race([answered, Promise.resolve("not yet")])).toBe("not yet");
    folder.write("go", "");
    expect(await answered).toBe("Echo: soon");
    expect(await textOf(first, "echo", { message: "as ever" })).toBe("Echo: as ever");
  });

  test("is named where it does not come up, and stands for nothing any more", async () => {
    const { folder, url } = await open();
    const listed = await toolsOf(await connect(url));
    folder.write("manner", "fails");
    const second = await connect(url);
    await expect(second.callTool({ name: "echo", arguments: { message: "" } })).rejects.toThrow(/5030.*`everything`/);
    await expect(connect(url)).rejects.toThrow(/5030.*`everything`/);
    folder.write("manner", "starts");
    expect(await (await connect(url)).listTools()).toEqual(listed);
  });
});
