// Messages of our own, byte by byte.
import { expect, test } from "vitest";
import {
  composeError,
  composeNotification,
  composeRequest,
  composeResult,
  isComposedResult,
} from "../../src/message/compose.ts";
import { sound } from "./messages.ts";

test.each([
  [composeResult("1", { a: "é" }), '{"jsonrpc":"2.0","id":1,"result":{"a":"é"}}'],
  [composeResult('"1"', {}), '{"jsonrpc":"2.0","id":"1","result":{}}'],
  [composeError("1", 4030, "no"), '{"jsonrpc":"2.0","id":1,"error":{"code":4030,"message":"no"}}'],
  [composeError(undefined, -32700, "no"), '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no"}}'],
  [composeError("1", 1, "no", [2]), '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no","data":[2]}}'],
  [composeRequest("9", "ping"), '{"jsonrpc":"2.0","id":9,"method":"ping"}'],
  [composeRequest("9", "x", { a: 1 }), '{"jsonrpc":"2.0","id":9,"method":"x","params":{"a":1}}'],
  [composeNotification("x"), '{"jsonrpc":"2.0","method":"x"}'],
  [composeNotification("x", { a: null }), '{"jsonrpc":"2.0","method":"x","params":{"a":null}}'],
  [
    composeResult("1", { line: "a\nb\u2028", broken: "\ud800" }),
    '{"jsonrpc":"2.0","id":1,"result":{"line":"a\\nb\u2028","broken":"\\ud800"}}',
  ],
  [composeResult("1", { large: Infinity }), '{"jsonrpc":"2.0","id":1,"result":{"large":1e999}}'],
])("%s", (bytes, expected) => {
  expect(bytes.toString()).toBe(expected);
  sound(bytes);
});

test.each([
  ["1", composeResult("1", {}), true],
  ['"é"', composeResult('"é"', { error: {} }), true],
  ["1", composeResult("11", {}), false],
  ["1", composeError("1", 4030, '"result":'), false],
])("of what was made here it is known whether it answers %s with a result: %s", (id, bytes, expected) => {
  expect(isComposedResult(id, bytes)).toBe(expected);
});
