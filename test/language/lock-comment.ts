// A comment that stands for a catalogue lock: `# lock: {"SERVER": {"tools": [DEFINITION, …], "prompts": […]}}`, on one line or several.
import { lockedThings, type CatalogueLock } from "../../src/mcp/catalogue-lock.ts";
import { readModules } from "../../src/mcp/interceptor-lock.ts";
import type { JsonObject } from "../../src/mcp/json.ts";

type Listed = Readonly<
  Record<string, { readonly tools?: readonly JsonObject[]; readonly prompts?: readonly JsonObject[] } | undefined>
>;

/** Several lines are one lock. */
export function lockIn(text: string): CatalogueLock | undefined {
  const comments = [...text.matchAll(/^# lock: (.*)$/gm)].map(([, json = ""]) => JSON.parse(json) as Listed);
  const modules = declaredIn(text);
  if (comments.length === 0 && modules === undefined) return undefined;
  return { ...lockOf(Object.assign({}, ...comments) as Listed), ...(modules && { modules }) };
}

/** `# declared: {"MODULE": {"INTERCEPTOR": {"type": …, "hooks": […]}}}`: what modules have declared. */
function declaredIn(text: string): CatalogueLock["modules"] {
  const comments = [...text.matchAll(/^# declared: (.*)$/gm)];
  if (comments.length === 0) return undefined;
  const declared = comments.map(([, json = ""]) => Object.entries(JSON.parse(json) as Record<string, JsonObject>));
  const whole = declared.flat().map(([module, interceptors]) => [module, mapped(interceptors)] as const);
  return readModules(Object.fromEntries(whole));
}

function mapped(interceptors: JsonObject): JsonObject {
  const entries = Object.entries(interceptors).map(([name, one]) => [
    name,
    { mode: "active", failOpen: false, ...(one as JsonObject) },
  ]);
  return Object.fromEntries(entries) as JsonObject;
}

export function lockOf(listed: Listed): CatalogueLock {
  const servers = Object.entries(listed).map(([server, { tools = [], prompts = [] } = {}]) => {
    const things = lockedThings({ tool: tools, prompt: prompts, resource: [], template: [] }, () => "sha256:0");
    return [server, { name: server, version: "1.0.0", things }] as const;
  });
  return { servers: new Map(servers) };
}
