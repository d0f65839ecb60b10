// What the proxy says that it can do is what its servers can do together, whoever was asked before.
import { expect, test } from "vitest";
import { mergedCapabilities } from "../../../src/dispatch/handshake/merged-capabilities.ts";
import type { JsonObject } from "../../../src/mcp/json.ts";

const ready = (capabilities: JsonObject) => ({
  introduction: { protocol: "2025-11-25", capabilities, instructions: undefined },
  isComing: false,
});
const coming = { introduction: undefined, isComing: true };

const tools = ready({ tools: {} });
const logging = ready({ logging: {} });

test("of no server, it is nothing", () => {
  expect(mergedCapabilities([])).toEqual({});
});

test("the same servers together have the same, and others have theirs", () => {
  const both = mergedCapabilities([tools, logging]);
  expect(both).toEqual({ tools: { listChanged: true }, logging: {} });
  expect(mergedCapabilities([tools])).toEqual({ tools: { listChanged: true } });
  expect(mergedCapabilities([tools, coming])).toMatchObject({ prompts: {}, completions: {} });
  expect(mergedCapabilities([tools, ready({ completions: {} })])).toEqual({
    tools: { listChanged: true },
    completions: {},
  });
  expect(mergedCapabilities([tools, logging])).toEqual(both);
});
