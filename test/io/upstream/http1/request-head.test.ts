// What leaves for a server when something is asked of it, byte by byte.
import { expect, test } from "vitest";
import { served, whole } from "./raw-server.ts";

test("a request leaves as it is, in one piece", async () => {
  let seen = "";
  const { url, client } = await served((socket, request, before) => {
    seen = request;
    whole(socket, request, before);
  });
  const headers = { accept: "a/b", "mcp-name": "é" };
  const { told, sent } = await client.answered(url, { headers, body: Buffer.from('{"id":1}') });
  expect([told, sent()]).toEqual([["200", "end"], 8]);
  expect(seen).toBe(
    `POST /mcp?a=b HTTP/1.1\r\nhost: ${url.host}\r\naccept: a/b\r\nmcp-name: é\r\nconnection: keep-alive\r\n` +
      'content-length: 8\r\n\r\n{"id":1}',
  );
});

test("the same headers go with whatever is asked", async () => {
  const seen: string[] = [];
  const { url, client } = await served((socket, request, before) => {
    seen.push(request.slice(0, request.indexOf(" HTTP")));
    whole(socket, request, before);
  });
  const headers = { a: "1" };
  await client.answered(url, { headers });
  await client.answered(url, { headers, method: "DELETE", body: undefined });
  await client.answered(new URL("/other", url), { headers });
  expect(seen).toEqual(["POST /mcp?a=b", "DELETE /mcp?a=b", "POST /other"]);
});

test.each([
  ["a line end", { a: "1\r\nhost: evil" }],
  ["a line feed", { a: "1\nb: 2" }],
  ["a character beyond Latin-1", { a: "\u2028" }],
  ["a name that is none", { "a: 1\r\nb": "2" }],
])("%s in a header goes nowhere", async (_what, headers) => {
  let count = 0;
  const { url, client } = await served((socket, request, before) => {
    count += 1;
    whole(socket, request, before);
  });
  expect((await client.answered(url, { headers })).told).toEqual(["failed: ERR_INVALID_CHAR"]);
  expect((await client.answered(url)).told).toEqual(["200", "end"]);
  expect(count).toBe(1);
});
