// The id of a message of which only the two ends were kept.
import { expect, test } from "vitest";
import { readOversize } from "../../src/message/envelope.ts";

const lost = "x".repeat(50);

test.each([
  ["id first", `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"a":"${lost}`, `${lost}"}}`, "7", "request"],
  ["id last", `{"method":"tools/call","params":{"a":"${lost}`, `${lost}"},"jsonrpc":"2.0","id":7}`, "7", "request"],
  ["id and version last", `{"result":{"a":"${lost}`, `${lost}"},"id":"a b","jsonrpc":"2.0"}`, '"a b"', "reply"],
  ["with spaces", `{"result": {"a": "${lost}`, `${lost}"} , "id" : 7 } `, "7", "reply"],
  ["only in a string", `{"result":{"a":"${lost}`, `${lost},\\"id\\":7}"}}`, undefined, "reply"],
  ["only deeper", `{"result":{"a":"${lost}`, `${lost}","id":7}}`, undefined, "reply"],
  ["deeper, before the true one", `{"result":{"a":"${lost}`, `","id":1},"id":7}`, "7", "reply"],
  ["a string that may go on", `{"jsonrpc":"2.0","id":"abc`, "}", undefined, "unknown"],
  ["a number that may go on", `{"jsonrpc":"2.0","id":12`, "3}", undefined, "unknown"],
  ["rubbish", lost, lost, undefined, "unknown"],
])("%s", (_, start, end, id, form) => {
  expect(readOversize(Buffer.from(start), Buffer.from(end))).toEqual({ id, form });
});
