// A module behind HTTPS that lets in only who shows a certificate.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createModules, type Modules } from "../../../src/io/modules/create-modules.ts";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { openFolder } from "../../e2e/folder.ts";
import { callOf, settingsOf, validator } from "./hosts.ts";

const folder = openFolder();
const opened: Modules[] = [];
let server: ReturnType<typeof createServer>;
let url = "";

/** Signed by itself, and so its own authority. */
function certificate(name: string): void {
  const files = ["-keyout", folder.at(`${name}.key`), "-out", folder.at(`${name}.pem`)];
  const subject = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...files, ...subject], {
    stdio: "ignore",
  });
}

beforeAll(async () => {
  for (const name of ["server", "client", "stranger"]) certificate(name);
  const [key, cert, ca] = ["server.key", "server.pem", "client.pem"].map((file) => readFileSync(folder.at(file)));
  server = createServer({ key, cert, ca, requestCert: true, rejectUnauthorized: true }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { id, method } = JSON.parse(Buffer.concat(chunks).toString() || "{}") as { id?: number; method?: string };
      if (id === undefined) return response.writeHead(request.method === "POST" ? 202 : 405).end();
      const results: Readonly<Record<string, object>> = {
        initialize: { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "h", version: "1" } },
        "interceptors/list": { interceptors: [validator("v")] },
        "interceptor/invoke": { interceptor: "v", valid: true },
      };
      const result = results[method ?? ""];
      const body = result === undefined ? { error: { code: -32_601, message: "no" } } : { result };
      return response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ jsonrpc: "2.0", id, ...body }));
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  url = `https://127.0.0.1:${String((server.address() as AddressInfo).port)}/mcp`;
});

afterAll(async () => {
  await Promise.all(opened.map((modules) => modules.close()));
  server.closeAllConnections();
  server.close();
});

async function open(host: JsonObject): Promise<Modules> {
  const settings = { modules: settingsOf({ m: { url, ...host } }), deadlineMs: 5000, maxBytes: 4_194_304 };
  const modules = createModules(settings, { report: () => undefined, serverSaid: () => undefined });
  opened.push(modules);
  await modules.started;
  return modules;
}

function shows(name: string): JsonObject {
  return {
    auth: { mtls: { cert: folder.at(`${name}.pem`), key: folder.at(`${name}.key`), ca: folder.at("server.pem") } },
  };
}

describe("behind HTTPS", () => {
  it("a module that knows the proxy's certificate is asked", async () => {
    expect(await (await open(shows("client"))).call(callOf())).toMatchObject({ kind: "pass" });
  });

  it("one that does not know it is not", async () => {
    expect(await (await open(shows("stranger"))).call(callOf())).toMatchObject({ kind: "failed", reason: "down" });
  });

  it("one whose own certificate nobody vouches for is not either", async () => {
    expect(await (await open({})).call(callOf())).toMatchObject({ kind: "failed", reason: "down" });
  });

  it("one for which the proxy's own certificate is none is not either, and nothing is thrown", async () => {
    writeFileSync(folder.at("broken.pem"), "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n");
    writeFileSync(folder.at("broken.key"), readFileSync(folder.at("client.key")));
    expect(await (await open(shows("broken"))).call(callOf())).toMatchObject({ kind: "failed", reason: "down" });
  });
});
