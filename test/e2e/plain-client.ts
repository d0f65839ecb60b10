// A real SDK client that just asks, over stdio or HTTP; and servers whose processes can be counted.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll } from "vitest";
import type { Program } from "./programs.ts";

export async function connect(end: URL | Program): Promise<Client> {
  const client = new Client({ name: "e2e", version: "1.0.0" });
  await client.connect(
    end instanceof URL
      ? new StreamableHTTPClientTransport(end)
      : new StdioClientTransport({ command: end.command, args: [...end.args], stderr: "pipe" }),
  );
  afterAll(() => client.close());
  return client;
}

export async function textOf(client: Client, name: string, args: Record<string, unknown> = {}): Promise<string> {
  const { content } = await client.callTool({ name, arguments: args });
  return (content as readonly { readonly text: string }[])[0]?.text ?? "";
}

/** A shell that notes each process of a server. */
export function noted({ command, args }: Program, file: string): Program {
  return { command: "/bin/sh", args: ["-c", `echo $$ >> ${file}; exec "$@"`, "sh", command, ...args] };
}
