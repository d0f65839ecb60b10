// Over HTTP+SSE, which old clients speak, the proxy makes no difference where no rule speaks.
import { startHttpProxy } from "./http-proxy.ts";
import { describeTransparency } from "./transparency.ts";

describeTransparency(async (config) => new URL("/sse", (await startHttpProxy("--config", config)).url));
