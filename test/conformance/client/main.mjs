// What the suite starts as "the client": an SDK's client, on its own or behind one or two proxies. Arguments: SDK, chain, proxy, address.
import { argv, env } from "node:process";
import { CLIENT_CHAINS, openStand } from "../chains.mjs";
import { answer, PLAYS } from "./plays.mjs";

const [, , sdk, chain, cli, url] = argv;
const { connect } = await import(`./sdk-${sdk}.mjs`);
const { play, capabilities = {} } = PLAYS[env.MCP_CONFORMANCE_SCENARIO];
const era = env.MCP_CONFORMANCE_PROTOCOL_VERSION >= "2026" ? "modern" : "legacy";
const stand = openStand({ cli });
try {
  const address = chain === "direct" ? url : await CLIENT_CHAINS[chain](stand, url);
  const client = await connect(address, { capabilities, answer, era });
  await play(client, JSON.parse(env.MCP_CONFORMANCE_CONTEXT ?? "{}"));
  await client.close();
} finally {
  await stand.end();
}
