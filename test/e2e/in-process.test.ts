// The public API: a proxy inside another program, talked to over streams.
import { PassThrough } from "node:stream";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { startProxy, wrapOneServer } from "../../src/index.ts";
import { ALLOW_ALL, openFolder } from "./folder.ts";
import { ownServer } from "./programs.ts";
import { quietLog } from "../io/quiet-log.ts";

function start(rules: readonly string[]) {
  const { command, args } = ownServer();
  const settings = wrapOneServer("own", [command, ...args], process.env);
  if (settings === undefined) throw new Error("not a name");
  const [input, output, reports] = [new PassThrough(), new PassThrough(), [] as string[]];
  const log = quietLog({ reports });
  return { input, output, reports, started: startProxy({ settings, rules, log, input, output }) };
}

test("answers over the streams it was given, and leaves nothing behind", async () => {
  const folder = openFolder();
  folder.write("rules/policy.mcprules", ALLOW_ALL);
  const { input, output, started } = start([folder.at("rules")]);
  const start1 = await started;
  if (start1.kind === "refused") throw new Error(start1.report);
  const lines = createInterface({ input: output })[Symbol.asyncIterator]();
  const ask = async (message: object): Promise<unknown> => {
    input.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    const { value } = (await lines.next()) as { readonly value: string };
    return JSON.parse(value);
  };
  const clientInfo = { name: "t", version: "1" };
  const greeting = await ask({
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo },
  });
  expect(greeting).toMatchObject({ result: { serverInfo: { name: "mcprules" } } });
  input.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  const answer = await ask({ id: 2, method: "tools/call", params: { name: "echo", arguments: { a: 1 } } });
  expect(answer).toMatchObject({ id: 2, result: { content: [{ text: '{"a":1}' }] } });
  expect(start1.proxy.revision()).toMatch(/^[0-9a-f]{12}$/);
  input.end();
  await start1.proxy.ended;
  await start1.proxy.close();
});

test("does not start without a policy, and says what to write", async () => {
  const { started } = start([]);
  expect(await started).toEqual({ kind: "refused", report: expect.stringContaining("--rules PATH") as string });
});

test("warns of a policy with warnings in one line", async () => {
  const folder = openFolder();
  folder.write("rules/policy.mcprules", `${ALLOW_ALL}\nlet unused = 5\n`);
  const { started, reports } = start([folder.at("rules")]);
  const start1 = await started;
  if (start1.kind === "refused") throw new Error(start1.report);
  expect(reports.filter((text) => text.includes("warnings"))).toEqual([
    expect.stringMatching(/^the policy has \d+ warnings/),
  ]);
  await start1.proxy.close({ haste: true });
});
