// What the servers of a stage say of themselves and list when they are asked.
import type { DispatchOptions } from "../../src/dispatch/options.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/mcp/json.ts";

/** What a server says of itself and lists when it is asked in the opening scene. */
export interface ServerScript {
  readonly capabilities?: JsonObject;
  readonly protocolVersion?: string;
  /** Absent: `legacy`. `auto`: it is asked. */
  readonly era?: "legacy" | "modern" | "auto";
  readonly instructions?: string;
  readonly tools?: readonly JsonObject[];
  /** What stands beside the tools in their list. */
  readonly besideTools?: JsonObject;
  readonly prompts?: readonly JsonObject[];
  readonly resources?: readonly JsonObject[];
  readonly resourceTemplates?: readonly JsonObject[];
}

const TOOL = { name: "echo", inputSchema: { type: "object" } };

export function serverOptions(name: string, { era = "legacy" }: ServerScript): DispatchOptions["servers"][number] {
  const options = { name, root: undefined, home: undefined, transport: "stdio" as const };
  return era === "auto" ? options : { ...options, era };
}

/** What the script says to it; `undefined`: nothing. */
export function replyOf(script: ServerScript, message: JsonValue): JsonObject | undefined {
  if (!isJsonObject(message)) return undefined;
  const { id, method } = message;
  const said = typeof method === "string" ? lineFor(script, method) : undefined;
  const result = said !== undefined && script.era === "modern" ? { ...said, ...MODERN_EXTRAS } : said;
  return result === undefined || id === undefined ? undefined : { id, result };
}

const MODERN_EXTRAS = {
  resultType: "complete",
  ttlMs: 5000,
  cacheScope: "public",
  _meta: { "io.modelcontextprotocol/serverInfo": { name: "x", version: "1" } },
};

function lineFor(script: ServerScript, method: string): JsonObject | undefined {
  switch (method) {
    case "initialize": {
      const { protocolVersion = "2025-11-25", instructions } = script;
      const said = instructions === undefined ? {} : { instructions };
      return {
        protocolVersion,
        capabilities: capabilitiesOf(script),
        serverInfo: { name: "x", version: "1" },
        ...said,
      };
    }
    case "server/discover": {
      const { protocolVersion = "2026-07-28" } = script;
      return { supportedVersions: [protocolVersion], capabilities: capabilitiesOf(script) };
    }
    case "tools/list":
      return { tools: script.tools ?? [TOOL], ...script.besideTools };
    case "prompts/list":
      return { prompts: script.prompts ?? [] };
    case "resources/list":
      return { resources: script.resources ?? [] };
    case "resources/templates/list":
      return { resourceTemplates: script.resourceTemplates ?? [] };
    default:
      return undefined;
  }
}

function capabilitiesOf(script: ServerScript): JsonObject {
  const { prompts, resources, resourceTemplates } = script;
  const changes = { listChanged: true };
  return {
    tools: changes,
    ...(prompts === undefined ? {} : { prompts: changes }),
    ...(resources === undefined && resourceTemplates === undefined
      ? {}
      : { resources: { ...changes, subscribe: true } }),
    ...script.capabilities,
  };
}
