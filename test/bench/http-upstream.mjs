// The least that can stand behind an HTTP proxy: it answers every POST with 60 bytes, or 10 MB where it is asked to.
import { createServer } from "node:http";

const small = Buffer.from('{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"ok"}]}}');
const large = Buffer.from(
  `{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"${"x".repeat(10_000_000)}"}]}}`,
);

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks).includes("tenMegabytes") ? large : small;
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
    response.end(body);
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
