// A server over HTTP+SSE behind the proxy, found out as such: everything is as it is with the server itself, over stdio.
import { proxy } from "./programs.ts";
import { startRemoteEverything } from "./remote-everything.ts";
import { describeTransparency } from "./transparency.ts";

describeTransparency(
  (config) => proxy("--config", config),
  async (heard) => ({ url: await startRemoteEverything("sse", heard) }),
);
