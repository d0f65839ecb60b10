// Facts of the messages that modules are asked about, for tests.
import type { Facts } from "../../../src/engine/facts.ts";

const NOBODY = { client: undefined, user: undefined, profile: undefined };

export function factsOf(kind: Facts["kind"], method: string): Facts {
  return {
    kind,
    method,
    from: kind === "request" ? "client" : "server",
    server: "s",
    name: undefined,
    principal: NOBODY,
  };
}

export const CALL = factsOf("request", "tools/call");
export const CALLED = factsOf("result", "tools/call");
export const LISTED = factsOf("result", "tools/list");
export const FAILED = factsOf("error", "tools/call");
export const GREETED = factsOf("result", "initialize");
