// What a message is taken for, what is refused, and that nothing but JSON passes.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEnvelope, type Envelope } from "../../src/message/envelope.ts";
import { rawAt } from "../../src/message/locate.ts";
import { jsonObjectText, jsonValueText } from "./json-arbitrary.ts";
import { read, sound } from "./messages.ts";

const head = '"jsonrpc":"2.0"';

describe("a message is", () => {
  test.each([
    [`{${head},"id":1,"method":"ping"}`, "request", "1", "ping"],
    [`{"method":"tools/call","params":{"name":"x"},${head},"id":"a"}`, "request", '"a"', "tools/call"],
    [` {${head} , "id" : 1.50 , "method":"ping" } `, "request", "1.50", "ping"],
    [`{${head},"id":"\\u0031","method":"ping"}`, "request", '"\\u0031"', "ping"],
    [`{${head},"id":12345678901234567890,"method":"ping"}`, "request", "12345678901234567890", "ping"],
    [`{${head},"\\u0069d":7,"m\\u0065thod":"pin\\u0067"}`, "request", "7", "ping"],
    [`{"jsonrpc":"2\\u002e0","id":7,"method":"ping"}`, "request", "7", "ping"],
    [`{${head},"method":"notifications/initialized"}`, "notification", undefined, "notifications/initialized"],
    [`{${head},"id":1,"result":{}}`, "result", "1", undefined],
    [`{${head},"id":1,"error":{"code":1,"message":"m"}}`, "error", "1", undefined],
    [`{${head},"id":null,"error":{"code":1,"message":"m"}}`, "error", undefined, undefined],
    [`{${head},"error":{"code":1,"message":"m"}}`, "error", undefined, undefined],
    [`{${head},"id":1,"method":"ping","extra":{"a":[1,true,null]}}`, "request", "1", "ping"],
    [`{${head},"id":1,"method":"x/y","params":{"😀":"\\ud800"}}`, "request", "1", "x/y"],
  ])("%s", (text, kind, id, method) => {
    expect(sound(text)).toMatchObject({ kind, id, method });
  });
});

describe("ids are their raw text", () => {
  test.each(["1", '"1"', "-0", "1.0", '"\\u0031"', '""', '"a\\"b"', "9007199254740993"])("%s", (id) => {
    const envelope = sound(`{${head},"id":${id},"method":"ping"}`);
    expect(envelope.id).toBe(id);
    expect(envelope.idRange && rawAt(envelope.bytes, envelope.idRange)).toBe(id);
  });
});

describe("no message, but the one who waits is told", () => {
  test.each([
    ["not json", -32700, undefined, "unknown"],
    ["", -32700, undefined, "unknown"],
    ["null", -32600, undefined, "unknown"],
    [' "a text" ', -32600, undefined, "unknown"],
    ["42 x", -32700, undefined, "unknown"],
    [`{${head},"id":5,"method":"ping"`, -32700, "5", "request"],
    [`{${head},"id":5,"method":"tools/call","params":{"a":tru}}`, -32700, "5", "request"],
    [`{"method":"tools/call","params":{"a":tru},${head},"id":"z"}`, -32700, '"z"', "request"],
    [`{"result":{"a":01},${head},"id":5}`, -32700, "5", "reply"],
    [`{${head},"id":5,"method":"ping"} x`, -32700, "5", "request"],
    [`{${head},"id":5,"method":"ping",}`, -32700, "5", "request"],
    [`{${head},"id":5,"method":"p\ting"}`, -32700, "5", "request"],
    [`{${head},"id":5,"method":"p\\xing"}`, -32700, "5", "request"],
    [`{"id":5,"method":"ping"}`, -32600, "5", "request"],
    [`{"jsonrpc":"1.0","id":5,"method":"ping"}`, -32600, "5", "request"],
    [`{"jsonrpc":2.0,"id":5,"method":"ping"}`, -32600, "5", "request"],
    [`{${head},"id":5}`, -32600, "5", "unknown"],
    [`{${head},"id":5,"result":{},"error":{}}`, -32600, "5", "reply"],
    [`{${head},"id":5,"result":{},"method":"ping"}`, -32600, "5", "request"],
    [`{${head},"id":5,"result":1}`, -32600, "5", "reply"],
    [`{${head},"id":5,"error":"no"}`, -32600, "5", "reply"],
    [`{${head},"id":5,"result":{},"params":{}}`, -32600, "5", "reply"],
    [`{${head},"result":{}}`, -32600, undefined, "reply"],
    [`{${head},"id":null,"result":{}}`, -32600, undefined, "reply"],
    [`{${head},"id":null,"method":"ping"}`, -32600, undefined, "request"],
    [`{${head},"id":true,"method":"ping"}`, -32600, undefined, "request"],
    [`{${head},"id":{},"error":{}}`, -32600, undefined, "reply"],
    [`{${head},"id":5,"method":7}`, -32600, "5", "request"],
    [`{${head},"id":5,"method":"ping","params":[1]}`, -32600, "5", "request"],
    [`{${head},"id":5,"method":"ping","params":null}`, -32600, "5", "request"],
    ["[]", -32600, undefined, "unknown"],
    ["[1,2", -32700, undefined, "unknown"],
    ["[1] 2", -32700, undefined, "unknown"],
  ])("%s", (text, code, id, form) => {
    expect(read(text)).toMatchObject({ kind: "malformed", code, id, form });
  });

  test.each([[[0xff]], [[0xc0, 0xaf]], [[0xed, 0xa0, 0x80]], [[0xf5, 0x80, 0x80, 0x80]]])(
    "bytes %j are not UTF-8",
    (wrong) => {
      const text = Buffer.concat([
        Buffer.from(`{${head},"id":5,"method":"ping","x":"`),
        Buffer.from(wrong),
        Buffer.from('"}'),
      ]);
      expect(read(text)).toMatchObject({ kind: "malformed", code: -32700, id: "5", form: "request" });
      expect(readEnvelope(text, { depth: 9 })).toMatchObject({ kind: "malformed", code: -32700, id: "5" });
    },
  );
});

describe("two readers must see one message", () => {
  test.each([
    ["id", `{${head},"id":1,"id":2,"method":"ping"}`],
    ["id, once escaped", `{${head},"id":1,"\\u0069d":2,"method":"ping"}`],
    ["id of a result", `{${head},"id":1,"id":2,"result":{}}`],
    ["method", `{${head},"id":1,"method":"ping","method":"tools/call"}`],
    ["params", `{${head},"id":1,"method":"ping","params":{},"params":{}}`],
    ["jsonrpc", `{${head},${head},"id":1,"method":"ping"}`],
    ["an unknown one", `{${head},"x":1,"x":2,"id":1,"method":"ping"}`],
    ["an unknown one of a result", `{${head},"x":1,"\\u0078":2,"id":1,"result":{}}`],
    ["in params", `{${head},"id":1,"method":"x","params":{"a":1,"a":2}}`],
    ["in params, once escaped", `{${head},"id":1,"method":"x","params":{"a":1,"\\u0061":2}}`],
    ["in params, deep", `{${head},"id":1,"method":"x","params":{"b":[{"c":{"é":1,"\\u00e9":2}}]}}`],
    ["in an unknown member", `{${head},"id":1,"method":"x","y":{"a":1,"a":2}}`],
  ])("a key twice is refused: %s", (_, text) => {
    expect(read(text)).toMatchObject({ kind: "malformed", code: -32600 });
  });

  test("many keys are compared too, the escaped last one with all before it", () => {
    const keys = Array.from({ length: 5000 }, (_, index) => `"key${index}":${index}`).join(",");
    const text = (last: string) => `{${head},"id":1,"method":"x","params":{${keys},${last}}}`;
    expect(sound(text('"key5000":1')).kind).toBe("request");
    expect(read(text('"key77":1'))).toMatchObject({ kind: "malformed" });
    expect(read(text('"\\u006bey4999":1'))).toMatchObject({ kind: "malformed" });
  });

  test("equal keys of neighbours and of what is inside are no duplicates", () => {
    const text = `{${head},"id":1,"method":"x","params":{"a":{"a":{"\\u0061":1}},"b":[{"a":1},{"a":2}]}}`;
    expect(sound(text).kind).toBe("request");
  });

  test("what is inside a result is let through", () => {
    expect(sound(`{${head},"id":1,"result":{"a":1,"a":2}}`).kind).toBe("result");
    sound(`{${head},"id":1,"error":{"code":1,"message":"","data":{"a":1,"a":2}}}`);
  });

  test.each([
    ["Method", `{${head},"id":1,"method":"ping","Method":"tools/call"}`],
    ["ID of a result", `{${head},"id":1,"ID":2,"result":{}}`],
    ["parAms alone", `{${head},"id":1,"method":"ping","parAms":{}}`],
    ["a long s", `{${head},"id":1,"method":"ping","param\u017f":{}}`],
    ["a long s, escaped", `{${head},"id":1,"method":"ping","re\\u017fult":{}}`],
    ["Name of a tool", `{${head},"id":1,"method":"tools/call","params":{"name":"a","Name":"b"}}`],
    ["ARGUMENTS", `{${head},"id":1,"method":"tools/call","params":{"name":"a","ARGUMENTS":{}}}`],
    ["Uri", `{${head},"id":1,"method":"resources/read","params":{"uri":"a","\\u0055ri":"b"}}`],
    ["a Kelvin sign", `{${head},"id":1,"method":"tools/call","params":{"name":"a","tas\u212a":{}}}`],
    ["deeper", `{${head},"id":1,"method":"completion/complete","params":{"ref":{"type":"ref/prompt","NAME":"b"}}}`],
    ["in a list", `{${head},"id":1,"method":"sampling/createMessage","params":{"messages":[{"Role":"user"}]}}`],
    [
      "in one of a list where one is enough",
      `{${head},"id":1,"method":"sampling/createMessage","params":{"messages":[{"role":"user","content":[{"Text":"a"}]}]}}`,
    ],
    [
      "in one that is no list",
      `{${head},"id":1,"method":"sampling/createMessage","params":{"messages":[{"role":"user","content":{"Text":"a"}}]}}`,
    ],
    ["_META", `{${head},"id":1,"method":"tools/list","params":{"_META":{}}}`],
    ["in _meta", `{${head},"id":1,"method":"tools/list","params":{"_meta":{"ProgressToken":1}}}`],
    ["of a notification", `{${head},"method":"notifications/cancelled","params":{"RequestId":1}}`],
  ])("a key in another case is refused: %s", (_, text) => {
    expect(read(text)).toMatchObject({ kind: "malformed", code: -32600 });
  });

  test.each([
    [
      "arguments are the tool's own",
      `{${head},"id":1,"method":"tools/call","params":{"name":"a","arguments":{"Name":1,"URI":2}}}`,
    ],
    ["other fields", `{${head},"id":1,"method":"tools/call","params":{"name":"a","names":1,"Nam":2}}`],
    ["methods nobody knows", `{${head},"id":1,"method":"x/y","params":{"Name":1}}`],
    ["results", `{${head},"id":1,"result":{"Content":[]}}`],
  ])("not of concern: %s", (_, text) => {
    expect(["request", "result"]).toContain(sound(text).kind);
  });
});

describe("depth", () => {
  const nested = (depth: number) =>
    `{${head},"id":1,"method":"x","params":${'{"a":'.repeat(depth)}1${"}".repeat(depth)}}`;
  const lists = (depth: number) => `{${head},"id":1,"result":{"a":${"[".repeat(depth)}${"]".repeat(depth)}}}`;

  test("up to the limit, and no further", () => {
    sound(nested(63));
    sound(lists(62));
    expect(read(nested(64))).toMatchObject({ kind: "malformed", code: -32600, id: "1" });
    expect(read(lists(63))).toMatchObject({ kind: "malformed", code: -32600, id: "1" });
  });

  test("a million brackets are no harder than a few", () => {
    expect(read(lists(1_000_000))).toMatchObject({ kind: "malformed", id: "1" });
    const envelope = readEnvelope(Buffer.from(lists(100_000)), { depth: 200_000 });
    expect(envelope.kind).toBe("result");
  });
});

describe("strings are followed to their end", () => {
  const texts = [
    "",
    "x".repeat(5000),
    "\\".repeat(3000),
    '"'.repeat(3000),
    'a"b\\'.repeat(700),
    "\n".repeat(3000),
    `${"x".repeat(1024)}"`,
  ];
  test.each(texts)("however long they are (%#)", (text) => {
    const message = { jsonrpc: "2.0", id: 3, result: { text, other: 1 } };
    const envelope = sound(JSON.stringify(message));
    expect(JSON.parse(rawAt(envelope.bytes, envelope.result as NonNullable<Envelope["result"]>))).toEqual(
      message.result,
    );
    sound(JSON.stringify({ jsonrpc: "2.0", id: 3, method: "x", params: { text } }));
  });

  test("an escape that a quote cuts off is no end", () => {
    for (const cut of ["\\u", "\\u1", "\\u12", "\\u123"]) {
      expect(read(`{${head},"id":1,"result":{"a":"${"x".repeat(2000)}${cut}"}}`)).toMatchObject({ kind: "malformed" });
    }
    sound(`{${head},"id":1,"result":{"a":"${"x".repeat(2000)}\\\\u12"}}`);
    sound(`{${head},"id":1,"result":{"a":"${"x".repeat(2000)}\\u1234"}}`);
  });
});

describe("a batch", () => {
  test("is cut into its entries, which are not looked at", () => {
    const batch = read(` [ {"a":1} ,[2], {"a":1,"a":2}] `);
    expect(batch.kind).toBe("batch");
    expect(batch.kind === "batch" && batch.entries.map(String)).toEqual(['{"a":1}', "[2]", '{"a":1,"a":2}']);
  });
});

describe("properties", () => {
  test("JSON passes, with the ranges where they are", () => {
    fc.assert(
      fc.property(jsonObjectText, jsonValueText, (params, extra) => {
        const envelope = sound(`{"x-extra":${extra},"params":${params},"method":"x/y","id":"i",${head}}`);
        expect(envelope.params && rawAt(envelope.bytes, envelope.params)).toBe(params.trim());
        const reply = sound(`{"result":${params},"x-extra":${extra},${head},"id":4}`);
        expect(reply.result && rawAt(reply.bytes, reply.result)).toBe(params.trim());
      }),
      { numRuns: 1000 },
    );
  });

  test("what JSON.parse refuses is malformed, and what it takes is not refused as broken", () => {
    const broken = fc
      .tuple(
        jsonObjectText,
        fc.nat(),
        fc.constantFrom("", "x", '"', "{", "}", "]", ",", ":", "\\", "1", "-", ".", "e", "\u0001"),
      )
      .map(([text, at, character]) => {
        const position = at % text.length;
        return text.slice(0, position) + character + text.slice(position + 1);
      });
    fc.assert(
      fc.property(broken, (params) => {
        const text = `{${head},"id":1,"method":"x/y","params":${params}}`;
        const outcome = read(text);
        // A key that stands twice ends the reading before what is broken behind it is seen.
        const isBroken = outcome.kind === "malformed" && outcome.code === -32700;
        expect(isJson(text) ? !isBroken : outcome.kind === "malformed").toBe(true);
        expect(outcome).toMatchObject(outcome.kind === "malformed" ? { id: "1", form: "request" } : { id: "1" });
      }),
      { numRuns: 3000 },
    );
  });

  test("any bytes are answered, without throwing", () => {
    const piece = fc.oneof(
      fc.constantFrom("{", "}", "[", "]", ",", ":", '"id"', '"', "\\u", "1", "method", head),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        expect(["malformed", "batch", "request", "notification", "result", "error"]).toContain(
          read(pieces.join("")).kind,
        );
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(read(Buffer.from(bytes)).kind).toBe(read(Buffer.from(bytes)).kind);
      }),
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
