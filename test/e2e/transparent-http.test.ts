// Over Streamable HTTP the proxy makes no difference where no rule speaks.
import { startHttpProxy } from "./http-proxy.ts";
import { describeTransparency } from "./transparency.ts";

describeTransparency(async (config) => new URL((await startHttpProxy("--config", config)).url));
