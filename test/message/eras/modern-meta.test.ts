// What requests of the modern era say of their senders, also when others said nearly the same before.
import fc from "fast-check";
import { expect, test } from "vitest";
import { readEnvelope } from "../../../src/message/envelope.ts";
import { claimOf } from "../../../src/message/eras/modern-meta.ts";

const PREFIX = "io.modelcontextprotocol/";
const texts = {
  protocolVersion: fc.constantFrom('"2026-07-28"', '"2026-07-2\\u0038"', '"2027-01-01"', "1", undefined),
  clientInfo: fc.constantFrom('{"name":"a"}', '{"name":"b"}', '{"name":"a" }', '{"name":"\u00e4"}', "null", undefined),
  clientCapabilities: fc.constantFrom("{}", '{"sampling":{}}', "{ }", undefined),
  logLevel: fc.constantFrom('"info"', '"inf\\u006f"', '"error"', "5", undefined),
};
const said = fc.record({ ...texts, progressToken: fc.constantFrom("1", undefined) });
const level = (text: string): string => (text.startsWith('"') ? String(JSON.parse(text)) : text);

test("a claim is what its own request says", () => {
  fc.assert(
    fc.property(fc.array(said, { minLength: 2, maxLength: 30 }), (requests) => {
      for (const { progressToken, ...claimed } of requests) {
        const members = Object.entries(claimed).flatMap(([key, text]) =>
          text === undefined ? [] : [`"${PREFIX}${key}":${text}`],
        );
        if (progressToken !== undefined) members.unshift(`"progressToken":${progressToken}`);
        const text = `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{${members.join(",")}}}}`;
        const envelope = readEnvelope(Buffer.from(text), { depth: 64 });
        if (envelope.kind !== "request") throw new Error(envelope.kind);
        const { protocolVersion: revision, clientInfo, clientCapabilities: capabilities, logLevel } = claimed;
        const expected = {
          revision: level(revision ?? ""),
          clientInfo,
          capabilities,
          logLevel: logLevel && level(logLevel),
          words: [revision, clientInfo ?? "", capabilities ?? ""].join("\n"),
        };
        expect(claimOf(envelope)).toEqual(revision === undefined ? undefined : expected);
      }
    }),
    { numRuns: 500 },
  );
});

function claimWith(member: string): unknown {
  const text = `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"${PREFIX}protocolVersion":"1",${member}}}}`;
  const envelope = readEnvelope(Buffer.from(text), { depth: 64 });
  if (envelope.kind !== "request") throw new Error(envelope.kind);
  return claimOf(envelope);
}

test.each(["clientInfo", "clientCapabilities", "logLevel"])("what is long is not kept: %s", (key) => {
  const [short, long] = [4000, 4001].map((length) => `"${PREFIX}${key}":"${"x".repeat(length - 7)}"`);
  expect(claimWith(short ?? "")).toBe(claimWith(short ?? ""));
  expect(claimWith(long ?? "")).not.toBe(claimWith(long ?? ""));
});
