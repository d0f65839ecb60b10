// What a module at an address answers, when it comes in pieces of one byte.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { HttpExchange } from "../../../src/io/modules/http-exchange.ts";
import type { Reply } from "../../../src/io/modules/peer.ts";

function exchanged(maxBytes: number): { readonly exchange: HttpExchange; readonly replies: Reply[] } {
  const replies: Reply[] = [];
  const nothing = (): void => undefined;
  const events = {
    settled: (reply: Reply) => void replies.push(reply),
    head: nothing,
    changed: nothing,
    unreachable: nothing,
  };
  return { exchange: new HttpExchange("1", maxBytes, events), replies };
}

test("takes no hundred times its room", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const bytes = Buffer.from(`{"jsonrpc":"2.0","id":1,"result":{"a":"${"x".repeat(1_000_000)}"}}`);
  const { exchange, replies } = exchanged(bytes.length);
  const sink = exchange.head({ status: 200, headers: { "content-type": "application/json" } });
  collect();
  const before = process.memoryUsage();
  for (let at = 0; at < bytes.length; at++) sink.chunk(bytes.subarray(at, at + 1));
  collect();
  const after = process.memoryUsage();
  expect(after.heapUsed - before.heapUsed + after.external - before.external).toBeLessThan(10 * bytes.length);
  sink.end();
  expect(replies.map(({ kind }) => kind)).toEqual(["result"]);
});

test("and is one byte too long has failed, once", () => {
  const { exchange, replies } = exchanged(100);
  const sink = exchange.head({ status: 200, headers: {} });
  for (let count = 0; count < 101; count++) sink.chunk(Buffer.from(" "));
  sink.end();
  expect(replies).toEqual([{ kind: "failed", failure: "size", reason: "its answer is too long" }]);
});
