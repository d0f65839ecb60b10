// Where Prometheus reads the metrics: a port of their own, so that a proxy over stdio has them too and no client can.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isLoopback, openGate } from "../http/gate.ts";
import type { Meters } from "./meters.ts";
import type { MetricsSettings } from "./metrics-settings.ts";

export interface MetricsDoor {
  readonly url: string;
  close(): Promise<void>;
}

/** Rejects when it cannot listen there. */
export async function openMetricsDoor(settings: MetricsSettings, meters: Meters): Promise<MetricsDoor> {
  const { host, port, path, anyone } = settings;
  if (!isLoopback(host) && !anyone) {
    throw new Error(`others can reach \`${host}\`: say \`"anyone": true\` in \`metrics\`, or listen on 127.0.0.1`);
  }
  const gate = openGate({ host, port, path, allowedHosts: [], allowedOrigins: [], anyone });
  const server = createServer((request, response) => {
    const refusal = gate.check(request);
    if (refusal !== undefined) answer(response, refusal.status, "this host or origin is not served\n");
    else void serve(request, response, path, meters);
  });
  server.headersTimeout = TIMEOUT_MS;
  server.requestTimeout = TIMEOUT_MS;
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  // It is nobody's reason to keep a program running.
  server.unref();
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}${path}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const TIMEOUT_MS = 10_000;
const MOST_CONNECTIONS = 20;

async function serve(request: IncomingMessage, response: ServerResponse, path: string, meters: Meters): Promise<void> {
  const [asked] = (request.url ?? "").split("?");
  if (asked !== path) return answer(response, 404, "nothing is here\n");
  if (request.method !== "GET" && request.method !== "HEAD") return answer(response, 405, "it is only read\n");
  const text = await meters.text();
  return answer(response, 200, request.method === "HEAD" ? "" : text);
}

function answer(response: ServerResponse, status: number, text: string): void {
  const type = status === 200 ? "text/plain; version=0.0.4; charset=utf-8" : "text/plain; charset=utf-8";
  response.writeHead(status, { "content-type": type, "x-content-type-options": "nosniff" }).end(text);
}
