// HTTP on both sides of the proxy: what belongs to a request is on its stream on both.
import { startHttpProxy } from "./http-proxy.ts";
import { startRemoteEverything } from "./remote-everything.ts";
import { describeTransparency } from "./transparency.ts";

describeTransparency(
  async (config) => new URL((await startHttpProxy("--config", config)).url),
  async (heard) => ({ type: "http", url: await startRemoteEverything("streamableHttp", heard) }),
);
