// A client of the first SDK, which speaks the legacy era.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";

/** `answer`: what it says when it is asked for a form. */
export async function connect(url, { capabilities, answer }) {
  const client = new Client({ name: "conformance-client", version: "1.0.0" }, { capabilities });
  if (capabilities.elicitation !== undefined) client.setRequestHandler(ElicitRequestSchema, answer);
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  return client;
}
