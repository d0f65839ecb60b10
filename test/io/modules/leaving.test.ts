// What leaves for a module, and what comes back: over real sockets, as the host sees it.
import type { ChildProcess } from "node:child_process";
import { createHmac } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { createModules } from "../../../src/io/modules/create-modules.ts";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import { callOf, mutator, onHttp, onStdio, open, type Opened, settingsOf, validator } from "./hosts.ts";

const opened: Pick<Opened, "modules">[] = [];
const children: ChildProcess[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ modules }) => modules.close()));
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** What a host that reports it was asked, with these settings. */
async function seen(settings: JsonObject, call: Parameters<typeof callOf>[0], isRemote: boolean): Promise<JsonObject> {
  const script = {
    list: [
      validator("v", {
        hooks: [
          { events: ["*"], phase: "request" },
          { events: ["*"], phase: "response" },
        ],
      }),
    ],
    answers: { v: { report: true } },
  };
  let host: JsonObject = onStdio(script);
  if (isRemote) {
    const { url, child } = await onHttp(script);
    children.push(child);
    host = { url };
  }
  const made = await open({ m: { ...host, ...settings } });
  opened.push(made);
  const answer = await made.modules.call(callOf(call));
  if (answer.kind !== "rejected") throw new Error(answer.kind);
  return JSON.parse(answer.messages[0]?.message ?? "") as JsonObject;
}

const META = { traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", other: 1 };
const PAYLOAD = { method: "tools/call", params: { name: "t", arguments: { a: "b" }, _meta: META } };
const USER = {
  client: undefined,
  user: { id: "alice", groups: [], claims: { sub: "alice", mail: "a@b.c" } },
  profile: undefined,
};
const CALL = { payload: PAYLOAD, principal: USER, session: "s-1" };

describe("to a module on this machine", () => {
  it("goes the message as it is, who asks, and where it comes from", async () => {
    const params = await seen({}, { ...CALL, now: Date.UTC(2026, 10, 25) + 86_400_000 * 365 }, false);
    expect(params).toMatchObject({
      name: "v",
      event: "tools/call",
      phase: "request",
      payload: PAYLOAD,
      timeoutMs: 2000,
      context: {
        principal: { type: "user", id: "alice", claims: { sub: "alice", mail: "a@b.c" } },
        traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
        spanId: "00f067aa0ba902b7",
        timestamp: "2027-11-25T00:00:00.000Z",
      },
      _meta: {
        "dev.mcprules/server": "s",
        "dev.mcprules/direction": "client-to-server",
        "dev.mcprules/rule": "r",
        "dev.mcprules/revision": "v",
      },
    });
    expect(JSON.stringify(params)).not.toContain("s-1");
    expect(params["context"]).not.toHaveProperty("sessionId");
  });

  it("goes what the settings say besides: a session, the request of a result, the params alone", async () => {
    const more = { sessionId: true, payload: "params", send: { request: true } };
    const params = await seen(more, CALL, false);
    expect(params).toMatchObject({ payload: PAYLOAD.params, context: { sessionId: expect.any(String) as string } });
    const result = { phase: "response" as const, payload: { content: [] }, request: PAYLOAD };
    expect(await seen(more, { ...CALL, ...result }, false)).toMatchObject({
      payload: { content: [] },
      _meta: { "dev.mcprules/request": PAYLOAD },
    });
  });

  it("goes the rule's config over that of the settings, but for what those lock", async () => {
    const config = { config: { a: 1, b: 2 }, locked: ["b"] };
    expect(await seen(config, { ...CALL, config: { a: 7, b: 7, c: 7 } }, false)).toMatchObject({
      config: { a: 7, b: 2, c: 7 },
    });
  });
});

describe("to a module elsewhere", () => {
  it("goes no metadata but the trace, and no claim that is not named", async () => {
    const params = await seen({ send: { claims: ["sub"] } }, CALL, true);
    expect(params).toMatchObject({ context: { principal: { id: "alice", claims: { sub: "alice" } } } });
    expect(params["payload"]).toEqual({
      ...PAYLOAD,
      params: { ...PAYLOAD.params, _meta: { traceparent: META.traceparent } },
    });
    expect(JSON.stringify(params)).not.toContain("a@b.c");
  });

  it("goes a token in the place of what must not leave, in everything that leaves", async () => {
    const args = { key: "AKIA1", both: "AKIA1 and AKIA2", AKIA3: 1 };
    const payload = { method: "tools/call", params: { name: "t", arguments: args } };
    const params = await seen({ send: { redact: ["/AKIA\\d/"] } }, { payload, config: { note: "AKIA9" } }, true);
    expect(params).toMatchObject({
      payload: {
        params: {
          arguments: { key: "[[redacted:1]]", both: "[[redacted:2]] and [[redacted:3]]", "[[redacted:4]]": 1 },
        },
      },
      config: { note: "[[redacted:1]]" },
    });
  });
});

describe("what comes back", () => {
  it.each<readonly [string, readonly [string, string], JsonValue]>([
    ["has the secret where its token stood", ["hello", "HELLO"], { a: "AKIA1 HELLO", b: "plain" }],
    ["has a token where it was moved to", ["plain", "[[redacted:1]]"], { a: "AKIA1 hello", b: "[[redacted:1]]" }],
    ["has nothing where the token is lost", ["[[redacted:1]] ", ""], { a: "hello", b: "plain" }],
  ])("%s", async (_, replace, expected) => {
    const { url, child } = await onHttp({ list: [mutator("m")], answers: { m: { replace: [...replace] } } });
    children.push(child);
    const made = await open({ m: { url, send: { redact: ["/AKIA\\d/"], drop: ["params.secret"] } } });
    opened.push(made);
    const payload = {
      method: "tools/call",
      params: { name: "t", arguments: { a: "AKIA1 hello", b: "plain" }, secret: "x", _meta: { other: 1 } },
    };
    const answer = await made.modules.call(callOf({ type: "mutation", payload }));
    expect(answer).toMatchObject({
      kind: "changed",
      payload: { method: "tools/call", params: { name: "t", arguments: expected, secret: "x", _meta: { other: 1 } } },
    });
  });
});

describe("a module that wants to know who asks", () => {
  it.each([
    ["bearer", { bearer: { env: "SECRET" } }],
    ["hmac", { hmac: { keyId: "k1", secret: { env: "SECRET" } } }],
  ] as const)("is shown it by %s", async (kind, auth) => {
    const { url, said, child } = await onHttp({ list: [validator("v")], showsHeaders: true });
    children.push(child);
    const log = { report: () => undefined, serverSaid: () => undefined };
    const modules = createModules(
      { modules: settingsOf({ m: { url, auth } }, { SECRET: "s3cret" }), deadlineMs: 5000, maxBytes: 4_194_304 },
      log,
    );
    opened.push({ modules });
    await modules.started;
    expect(await modules.call(callOf())).toMatchObject({ kind: "pass" });
    const { headers, body } = JSON.parse(
      said
        .join("")
        .trim()
        .split("\n")
        .findLast((line) => line.startsWith("{")) ?? "",
    ) as { headers: Record<string, string>; body: string };
    const signed = createHmac("sha256", "s3cret")
      .update(`${headers["mcprules-timestamp"] ?? ""}.${body}`)
      .digest("hex");
    const shown = {
      bearer: { authorization: "Bearer s3cret" },
      hmac: { "mcprules-key": "k1", "mcprules-signature": `v1=${signed}` },
    };
    expect(headers).toMatchObject(shown[kind]);
    expect(headers["mcp-method"]).toBeUndefined();
  });
});
