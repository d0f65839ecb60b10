// A comment that stands for a catalogue lock: `# lock: {"SERVER": {"tools": [DEFINITION, …], "prompts": […]}}`, on one line or several.
import { lockedThings, type CatalogueLock } from "../../src/mcp/catalogue-lock.ts";
import type { JsonObject } from "../../src/mcp/json.ts";

type Listed = Readonly<
  Record<string, { readonly tools?: readonly JsonObject[]; readonly prompts?: readonly JsonObject[] } | undefined>
>;

/** Several lines are one lock. */
export function lockIn(text: string): CatalogueLock | undefined {
  const comments = [...text.matchAll(/^# lock: (.*)$/gm)].map(([, json = ""]) => JSON.parse(json) as Listed);
  return comments.length === 0 ? undefined : lockOf(Object.assign({}, ...comments) as Listed);
}

export function lockOf(listed: Listed): CatalogueLock {
  const servers = Object.entries(listed).map(([server, { tools = [], prompts = [] } = {}]) => {
    const things = lockedThings({ tool: tools, prompt: prompts, resource: [], template: [] }, () => "sha256:0");
    return [server, { name: server, version: "1.0.0", things }] as const;
  });
  return { servers: new Map(servers) };
}
