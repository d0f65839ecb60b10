// A client of the second SDK, which speaks both eras: the one the suite names.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

/** `answer`: what it says when it is asked for a form. */
export async function connect(url, { capabilities, answer, era }) {
  const mode = era === "modern" ? "auto" : "legacy";
  const client = new Client(
    { name: "conformance-client", version: "1.0.0" },
    { capabilities, versionNegotiation: { mode } },
  );
  if (capabilities.elicitation !== undefined) client.setRequestHandler("elicitation/create", answer);
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  if (era !== client.getProtocolEra()) throw new Error(`the client speaks the ${client.getProtocolEra()} era`);
  return client;
}
