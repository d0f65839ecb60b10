// A policy that is served as a module over HTTP, and one who asks it.
import { onTestFinished } from "vitest";
import { type ServedModule, serveModule } from "../../../src/io/module-host/serve-module.ts";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { openFolder } from "../../e2e/folder.ts";
import { quietLog } from "../quiet-log.ts";

interface ServedRules extends ServedModule {
  readonly reports: readonly string[];
}

export async function serveRules(policy: string): Promise<ServedRules> {
  const folder = openFolder();
  folder.write("rules/policy.mcprules", policy);
  const reports: string[] = [];
  const log = quietLog({ reports });
  const made = await serveModule({ rules: [folder.at("rules")], log, at: { host: "127.0.0.1", port: 0 } });
  if (typeof made === "string") throw new Error(made);
  onTestFinished(() => made.close());
  return { ...made, reports };
}

/** One request over HTTP, and its answer. */
export async function ask(url: string | undefined, method: string, params: JsonObject = {}): Promise<JsonObject> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const response = await fetch(url ?? "", { method: "POST", headers: { "content-type": "application/json" }, body });
  return (await response.json()) as JsonObject;
}

export function invocation(name: string, payload: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    name,
    event: "tools/call",
    phase: "request",
    payload,
    context: { timestamp: "2026-11-22T10:00:00Z" },
    ...more,
  };
}

export function call(name: string, args: JsonObject = {}): JsonObject {
  return { method: "tools/call", params: { name, arguments: args } };
}
