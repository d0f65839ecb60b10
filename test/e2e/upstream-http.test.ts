// A server over Streamable HTTP behind the proxy: everything is as it is with the server itself, over stdio.
import { proxy } from "./programs.ts";
import { startRemoteEverything } from "./remote-everything.ts";
import { describeTransparency } from "./transparency.ts";

describeTransparency(
  (config) => proxy("--config", config),
  async (heard) => ({ type: "http", url: await startRemoteEverything("streamableHttp", heard) }),
);
