// Lists in another language: what is not translated yet stays as it is, and nobody keeps such a list for long.
import { describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "../../../src/mcp/json.ts";
import { modern, Stage } from "../stage.ts";

const TOOL = { name: "echo", description: "Search", inputSchema: { type: "object" } };
const POLICY = 'default allow\nrule r when tool * translate to "fr"';

/** As it is shown to a modern client; the server says that it may be kept for a minute. */
function listed(text: string | undefined): JsonObject | undefined {
  const stage = Stage.modern({ policy: POLICY, servers: { a: { era: "modern", tools: [] } } });
  const [asked] = stage.server("a", { method: "notifications/tools/list_changed" });
  const id = isJsonObject(asked?.[1]) ? asked[1]["id"] : undefined;
  const page = { tools: [TOOL], resultType: "complete", ttlMs: 60_000, cacheScope: "public" };
  stage.server("a", { id: id ?? null, result: page });
  const answer = { kind: "translated", texts: [text], isPartial: text === undefined } as const;
  stage.tell({ kind: "translate", answer });
  const [said] = stage.client(modern(1, "tools/list"));
  const message = said?.[1];
  return isJsonObject(message) && isJsonObject(message["result"]) ? message["result"] : undefined;
}

describe("a list whose texts", () => {
  test("are translated may be kept as long as the server says", () => {
    expect(listed("Chercher")).toMatchObject({ tools: [{ description: "Chercher" }], ttlMs: 60_000 });
  });

  test("are not all translated yet is asked for again soon", () => {
    expect(listed(undefined)).toMatchObject({ tools: [{ description: "Search" }], ttlMs: 10_000 });
  });
});
