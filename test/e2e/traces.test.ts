// Spans of requests, with a real server behind the proxy: to a collector that speaks OTLP, through an SDK of the process, and untouched without either.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { propagation, trace } from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Observed, observe } from "./observed-proxy.ts";

const POLICY = `
default allow

let key = /AKIA[0-9A-Z]{16}/

rule mask
  when message
  redact $key as "***"

rule no-crash
  when tools/call die on own
  with force true
  block "Not here."
`;

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT = "00f067aa0ba902b7";
const TRACEPARENT = `00-${TRACE}-${PARENT}-01`;

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code?: number };
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}

interface OtlpRequest {
  readonly resourceSpans: readonly {
    readonly resource: Pick<OtlpSpan, "attributes">;
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

let collector: Server;
let url: string;
let posted: { readonly headers: Readonly<Record<string, unknown>>; readonly body: OtlpRequest }[];
/** 0: it never answers. */
let status: number;

beforeEach(async () => {
  posted = [];
  status = 200;
  collector = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      posted.push({ headers: request.headers, body: JSON.parse(body) as OtlpRequest });
      if (status !== 0) response.writeHead(status, { "content-type": "application/json" }).end("{}");
    });
  });
  collector.listen(0, "127.0.0.1");
  await once(collector, "listening");
  url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`;
});
afterEach(() => {
  collector.closeAllConnections();
  collector.close();
});

function spans(): readonly OtlpSpan[] {
  return posted.flatMap(({ body }) =>
    body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  );
}

function attributesOf({ attributes }: Pick<OtlpSpan, "attributes">): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
}

/** `_meta` of the calls that the server was told. */
function metaReceived(observed: Observed): readonly unknown[] {
  return observed
    .received()
    .filter(({ method }) => method === "tools/call")
    .map(({ params }) => (params as { readonly _meta?: unknown })._meta);
}

const traced = (): Promise<Observed> =>
  observe(POLICY, { log: { to: "log" }, traces: { url, headers: { "x-key": "k" }, service: "gateway" } });

describe("with a collector", () => {
  test("a call is a span below the client's, and the server's work is below ours", async () => {
    const observed = await traced();
    await observed.call("echo", { a: 1 }, { traceparent: TRACEPARENT, tracestate: "vendor=1", other: true });
    await observed.end();
    const [inner, outer] = spans().filter(({ traceId }) => traceId === TRACE);
    expect(outer).toMatchObject({ name: "tools/call echo", kind: 2, parentSpanId: PARENT });
    expect(inner).toMatchObject({ name: "tools/call at own", kind: 3, parentSpanId: outer?.spanId });
    expect(attributesOf(outer ?? { attributes: [] })).toMatchObject({
      "mcp.method.name": "tools/call",
      "gen_ai.tool.name": "echo",
      "mcprules.server": "own",
      "mcprules.verdict": "allow",
      "mcprules.rule": "default",
    });
    expect(metaReceived(observed)).toEqual([
      { traceparent: `00-${TRACE}-${inner?.spanId}-01`, tracestate: "vendor=1", other: true },
    ]);
    expect(BigInt(inner?.endTimeUnixNano ?? 0)).toBeLessThanOrEqual(BigInt(outer?.endTimeUnixNano ?? 0));
    expect(posted[0]?.headers).toMatchObject({ "x-key": "k", "content-type": "application/json" });
    expect(attributesOf(posted[0]?.body.resourceSpans[0]?.resource ?? { attributes: [] })).toMatchObject({
      "service.name": "gateway",
    });
  });

  test("a call that brings no trace begins one", async () => {
    const observed = await traced();
    await observed.call("echo");
    await observed.end();
    const outer = spans().find(({ name }) => name === "tools/call echo");
    expect(outer?.parentSpanId).toBeUndefined();
    expect(metaReceived(observed)).toEqual([
      { traceparent: expect.stringMatching(new RegExp(`^00-${outer?.traceId}-[0-9a-f]{16}-01$`)) as string },
    ]);
  });

  test("a trace that its client does not record is not recorded here, and passed on as such", async () => {
    const observed = await traced();
    await observed.call("echo", {}, { traceparent: `00-${TRACE}-${PARENT}-00` });
    await observed.end();
    expect(spans().filter(({ traceId }) => traceId === TRACE)).toEqual([]);
    expect(metaReceived(observed)).toEqual([
      { traceparent: expect.stringMatching(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`)) as string },
    ]);
  });

  test.each([
    ["refused", "die", { force: true }, "block", undefined],
    ["answered with an error", "nothing-like-it", {}, undefined, undefined],
    ["lost with its server", "die", {}, "allow", "5030"],
  ])(
    "a call that is %s says so",
    async (_how, tool, args, verdict, code) => {
      const observed = await traced();
      await observed.call(tool, args, { traceparent: TRACEPARENT });
      await observed.end();
      const outer = spans().find(({ traceId, kind }) => traceId === TRACE && kind === 2);
      expect(outer === undefined ? undefined : attributesOf(outer)["mcprules.verdict"]).toBe(verdict);
      expect(outer === undefined ? undefined : attributesOf(outer)["error.type"]).toBe(code);
      expect(outer?.status.code === 2).toBe(code !== undefined);
    },
    15_000,
  );

  test("what the policy hides is in no span", async () => {
    const observed = await traced();
    await observed.call("echo", { text: "AKIAABCDEFGHIJKLMNOP" });
    await observed.end();
    expect(JSON.stringify(posted)).not.toContain("AKIA");
  });

  test("methods that somebody makes up are no names of spans", async () => {
    const observed = await traced();
    await observed.request("made/up", { _meta: { traceparent: TRACEPARENT } });
    await observed.end();
    const names = spans().flatMap(({ traceId, name }) => (traceId === TRACE ? [name] : []));
    expect(names.toSorted()).toEqual(["other", "other at own"]);
  });

  test("one that never answers keeps nobody, and not the end either", async () => {
    status = 0;
    const observed = await traced();
    await observed.call("echo");
    const began = performance.now();
    await observed.end();
    expect(performance.now() - began).toBeLessThan(4000);
  });

  test("one that does not take spans is reported, with how many were lost, and slows no call", async () => {
    status = 400;
    const observed = await traced();
    for (let round = 0; round < 3; round += 1) {
      const { length } = posted;
      const began = performance.now();
      await observed.call("echo");
      expect(performance.now() - began).toBeLessThan(500);
      await expect.poll(() => posted.length, { timeout: 5000 }).toBeGreaterThan(length);
    }
    await observed.end();
    const said = observed.folder.read("log").match(/traces: [^"]*/g);
    expect(said).toHaveLength(2);
    const lost = said?.map((text) => Number(/^traces: (\d+) spans were lost/.exec(text)?.[1])) ?? [];
    // Two for each call, and those of the handshake and the lists.
    expect(lost.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(6);
  }, 20_000);
});

test("an SDK that the process was started with is used, without any settings", async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  trace.setGlobalTracerProvider(provider);
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  try {
    const observed = await observe(POLICY, { log: { to: "log" } });
    await observed.call("echo", {}, { traceparent: TRACEPARENT });
    await observed.end();
    const outer = exporter.getFinishedSpans().find(({ name }) => name === "tools/call echo");
    expect(outer?.spanContext().traceId).toBe(TRACE);
    expect(JSON.stringify(metaReceived(observed))).toContain(`00-${TRACE}-`);
    expect(JSON.stringify(metaReceived(observed))).not.toContain(PARENT);
  } finally {
    trace.disable();
    propagation.disable();
  }
});

test("where nobody traces, the keys pass as they are", async () => {
  const observed = await observe(POLICY, { log: { to: "log" } });
  const meta = { traceparent: TRACEPARENT, tracestate: "vendor=1", baggage: "a=b" };
  await observed.call("echo", {}, meta);
  await observed.end();
  expect(metaReceived(observed)).toEqual([meta]);
});
