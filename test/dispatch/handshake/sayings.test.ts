// Clients that say the very same of themselves are read once; whoever says anything else is not taken for one of them.
import { describe, expect, test } from "vitest";
import { Sayings } from "../../../src/dispatch/handshake/sayings.ts";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { readEnvelope, type RequestEnvelope } from "../../../src/message/envelope.ts";
import { Scene } from "../joint/joint-stage.ts";

const PARAMS = '{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"a","version":"1"}}';

function initialize(id: string, params = PARAMS, more = ""): RequestEnvelope {
  const text = `{"jsonrpc":"2.0","id":${id},"method":"initialize","params":${params}${more}}`;
  const envelope = readEnvelope(Buffer.from(text), { depth: 64 });
  if (envelope.kind !== "request") throw new Error("no request");
  return envelope;
}

describe("what a client says", () => {
  test.each([["1"], ["22"], ['"three"']])("is known again under another id: %s", (id) => {
    const sayings = new Sayings();
    const first = sayings.of(initialize("1"));
    const again = sayings.of(initialize(id));
    expect(again).toBe(first);
    expect(again.greeting).toBe(first.greeting);
  });

  test("is known again with the id at its end", () => {
    const sayings = new Sayings();
    const [one, other] = ["1", "22"].map((id) =>
      readEnvelope(Buffer.from(`{"jsonrpc":"2.0","method":"initialize","params":${PARAMS},"id":${id}}`), { depth: 64 }),
    );
    if (one?.kind !== "request" || other?.kind !== "request") throw new Error("no request");
    expect(sayings.of(one)).toBe(sayings.of(other));
  });

  test("is not taken for what has another name, before the id", () => {
    const sayings = new Sayings();
    const [one, other] = [PARAMS, PARAMS.replace('"a"', '"b"')].map((params) =>
      readEnvelope(Buffer.from(`{"jsonrpc":"2.0","method":"initialize","params":${params},"id":1}`), { depth: 64 }),
    );
    if (one?.kind !== "request" || other?.kind !== "request") throw new Error("no request");
    expect(sayings.of(one)).not.toBe(sayings.of(other));
  });

  test.each([
    ["another name", initialize("1", PARAMS.replace('"a"', '"b"'))],
    ["a longer name", initialize("1", PARAMS.replace('"a"', '"ab"'))],
    ["something more", initialize("1", PARAMS.replace('"capabilities":{}', '"capabilities":{"roots":{}}'))],
    ["the same, and a space", initialize("1", `${PARAMS} `)],
    ["a shorter thing", initialize("1", "{}")],
  ])("is not taken for %s", (_what, other) => {
    const sayings = new Sayings();
    const first = sayings.of(initialize("1"));
    const second = sayings.of(other);
    expect(second).not.toBe(first);
    expect(sayings.of(other)).toBe(second);
  });
});

describe("what a client is told of a server that is shared", () => {
  function told(scene: Scene, client: string, params?: JsonObject): unknown {
    return scene.enter(client, params).find(([to]) => to === client)?.[1]["result"];
  }

  test("is the same for the next, and in its own revision of MCP", () => {
    const scene = new Scene();
    const first = told(scene, "one");
    expect(first).toMatchObject({ protocolVersion: "2025-11-25", instructions: "Say sesame." });
    expect(told(scene, "two")).toEqual(first);
    expect(told(scene, "three", { protocolVersion: "2025-06-18" })).toEqual({
      ...(first as JsonObject),
      protocolVersion: "2025-06-18",
    });
    expect(told(scene, "four")).toEqual(first);
  });

  test("is masked as the policy in force says", () => {
    const scene = new Scene();
    told(scene, "one");
    scene.swap('default allow\nrule mask when result of tools/call echo redact "sesame"');
    expect(JSON.stringify(told(scene, "two"))).not.toContain("sesame");
    expect(JSON.stringify(told(scene, "three"))).not.toContain("sesame");
  });
});
