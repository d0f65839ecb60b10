// Servers that are not who they should be: what is sent to them before that is known, which is nothing.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { createServer, type Server } from "node:tls";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { Connections } from "../../../../src/io/upstream/http1/connections.ts";
import { openFolder } from "../../../e2e/folder.ts";
import { until } from "../../../until.ts";
import { Client, served, whole } from "./raw-server.ts";

const folder = openFolder();
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

beforeAll(() => {
  const files = ["-keyout", folder.at("a.key"), "-out", folder.at("a.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...files, ...subject], {
    stdio: "ignore",
  });
});

describe.each(["TLSv1.2", "TLSv1.3"] as const)("over %s", (maxVersion) => {
  async function listening(): Promise<{ readonly port: number; readonly heard: () => string }> {
    let heard = "";
    const [key, cert] = ["a.key", "a.pem"].map((file) => readFileSync(folder.at(file)));
    const server = createServer({ key, cert, maxVersion }, (socket) => {
      socket.on("error", () => undefined);
      socket.on("data", (bytes: Buffer) => {
        heard += bytes.toString("latin1");
        socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
      });
    });
    server.on("tlsClientError", () => undefined);
    servers.push(server);
    await once(server.listen(0, "127.0.0.1"), "listening");
    return { port: (server.address() as AddressInfo).port, heard: () => heard };
  }

  test.each([
    ["whom nobody vouches for", "localhost", false, "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["whose certificate is for another", "127.0.0.1", true, "ERR_TLS_CERT_ALTNAME_INVALID"],
  ])("a server %s hears not a byte", async (_who, host, isTrusted, code) => {
    const { port, heard } = await listening();
    const client = new Client(new Connections(isTrusted ? { ca: readFileSync(folder.at("a.pem")) } : {}));
    for (const body of [Buffer.from("{}"), Buffer.alloc(1_000_000, "x")]) {
      const headers = { authorization: "Bearer secret" };
      const { told } = await client.answered(new URL(`https://${host}:${port}/mcp`), { headers, body });
      expect(told).toEqual([`failed: ${code}`]);
    }
    await delay(50);
    expect(heard()).toBe("");
  });

  test("one who is who it should be is asked, over one connection", async () => {
    const { port, heard } = await listening();
    const client = new Client(new Connections({ ca: readFileSync(folder.at("a.pem")) }));
    for (const pause of [0, 0, 150]) {
      await delay(pause);
      expect((await client.answered(new URL(`https://localhost:${port}/mcp`))).told).toEqual(["200", "end"]);
    }
    expect(heard().match(/POST/g)).toHaveLength(3);
  });
});

test("a port that is none is not taken for the usual one", async () => {
  const { client } = await served(whole);
  const { told } = await client.answered(new URL("http://127.0.0.1:0/mcp"));
  expect(told).toEqual([expect.stringMatching(/^failed: (?:ECONNREFUSED|EADDRNOTAVAIL)$/)]);
});

test("a server that ends a connection after each response, and says nothing of that, is asked again at once", async () => {
  const program = `
    import { createServer } from "node:net";
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nok"));
    }).listen(0, "127.0.0.1", () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [port] = (await once(child.stdout, "data")) as readonly Buffer[];
  const client = new Client();
  const url = new URL(`http://127.0.0.1:${String(port).trim()}/mcp`);
  let answered = 0;
  const ask = (left: number): void => {
    client.ask(url, {}, { end: () => (left === 0 ? (answered += 1) : ask(left - 1)) });
  };
  for (let count = 0; count < 20; count++) ask(5);
  expect(await until(() => answered >= 18, 3000).finally(() => child.kill())).toBe(true);
});
