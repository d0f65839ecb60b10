// A module in a file, for tests: says what it was given, or does what it must not.
import { once } from "node:events";

const hooks = [{ events: ["tools/call"], phase: "request" }];
export const interceptors = ["upper", "loop", "never", "memory", "throw", "print"].map((name) => ({
  name,
  version: "2",
  type: "mutation",
  hooks,
}));

export async function invoke({ name, phase, payload, config }, { signal }) {
  const wanted = config?.do ?? "nothing";
  if (name !== wanted) return { interceptor: name, type: "mutation", phase, modified: false };
  if (name === "loop") for (;;);
  if (name === "never") await once(signal, "abort");
  if (name === "memory") for (const all = []; ;) all.push(Array.from({ length: 1_000_000 }, () => all.length));
  if (name === "throw") throw Object.assign(new Error("no"), { code: -32_602 });
  if (name === "print") console.log("this would go to the client");
  return {
    interceptor: name,
    type: "mutation",
    phase,
    modified: true,
    payload: JSON.parse(JSON.stringify(payload).replace("hello", "HELLO")),
  };
}
