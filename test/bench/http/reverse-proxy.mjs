// A plain reverse proxy on node:http, which looks into nothing: what the HTTP door is measured against.
import { Agent, createServer, request } from "node:http";

const [own, port] = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

const server = createServer((incoming, outgoing) => {
  const { method, url: path, headers } = incoming;
  const onward = request({ port, host: "127.0.0.1", agent, method, path, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  incoming.pipe(onward);
});
server.keepAliveTimeout = 60_000;
server.listen(own, "127.0.0.1");
