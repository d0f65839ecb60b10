// What a client has to do in each scenario of the suite, before the suite's server looks at what it got.

const ALL = { capabilities: { roots: { listChanged: true }, sampling: {}, elicitation: {} } };
const FORMS = { capabilities: { elicitation: { form: { applyDefaults: true } } } };

/** Scenario → what the client is able to, and what it does once it is connected. `context`: what the suite says besides. */
export const PLAYS = {
  initialize: { play: () => undefined },
  tools_call: { play: callsAfterListing("add_numbers", { a: 5, b: 3 }) },
  "elicitation-sep1034-client-defaults": { ...FORMS, play: callsAfterListing("test_client_elicitation_defaults") },
  "sse-retry": { play: callsAfterListing("test_reconnection") },
  "json-schema-2020-12-preservation": { play: echoesSchema },
  "json-schema-ref-no-deref": { play: (client) => client.listTools() },
  "request-metadata": { ...ALL, play: () => undefined },
  "sep-2322-client-request-state": { capabilities: { elicitation: {} }, play: callsEverything },
  "http-standard-headers": { play: usesEverything },
  "http-custom-headers": { play: callsAsTold },
  "http-invalid-tool-headers": { play: callsEverything },
};

/** An accepted form: the field that one scenario asks for, nothing in the one whose fields all have defaults. */
export function answer({ params }) {
  const content = "confirmed" in params.requestedSchema.properties ? { confirmed: true } : {};
  return { action: "accept", content };
}

function callsAfterListing(name, args = {}) {
  return async (client) => {
    const { tools } = await client.listTools();
    if (!tools.some((tool) => tool.name === name)) throw new Error(`${name} is not listed`);
    await client.callTool({ name, arguments: args });
  };
}

async function echoesSchema(client) {
  const { tools } = await client.listTools();
  const { inputSchema } = tools.find(({ name }) => name === "json_schema_2020_12_tool");
  await client.callTool({ name: "json_schema_echo", arguments: { schema: inputSchema } });
}

/** Some of what the suite lists is wrong on purpose, and calling it fails: what was called counts. */
async function callsEverything(client) {
  const { tools } = await client.listTools();
  for (const { name } of tools) {
    await client.callTool({ name, arguments: { region: "us-west1" } }).catch(() => undefined);
  }
}

async function usesEverything(client) {
  const { tools } = await client.listTools();
  for (const { name } of tools) await client.callTool({ name, arguments: {} });
  const { resources } = await client.listResources();
  for (const { uri } of resources) await client.readResource({ uri });
  const { prompts } = await client.listPrompts();
  for (const { name } of prompts) await client.getPrompt({ name, arguments: {} });
}

async function callsAsTold(client, context) {
  await client.listTools();
  for (const call of context.toolCalls) await client.callTool({ name: call.name, arguments: call.arguments });
}
