// A host is an ordinary MCP server: here on the official SDKs, of both eras.
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";
import { callOf, open, type Opened } from "./hosts.ts";

const HOST = fileURLToPath(new URL("sdk-host.mjs", import.meta.url));

let opened: Opened | undefined;

afterEach(async () => {
  await opened?.modules.close();
  opened = undefined;
});

it.each([
  ["v1", "2025-11-25"],
  ["v2-legacy", "2025-11-25"],
  ["v2-modern", "2026-07-28"],
])("a host on the SDK (%s) is asked in its era", async (which, revision) => {
  opened = await open({ m: { command: process.execPath, args: [HOST, which] } });
  const { modules } = opened;
  expect(modules.list()[0]?.state).toEqual({ kind: "up", revision });
  const payload = { method: "tools/call", params: { name: "t", arguments: { x: "forbidden" } } };
  expect(await modules.call(callOf({ payload }))).toMatchObject({ kind: "rejected" });
  expect(await modules.call(callOf())).toMatchObject({ kind: "pass" });
  expect(await modules.call(callOf({ type: "mutation" }))).toMatchObject({
    kind: "changed",
    payload: { params: { arguments: { stamp: "x" } } },
  });
});
