// One module and its places, with a connection that fails as no connection may.
import { expect, it, onTestFinished } from "vitest";
import { ModuleCaller } from "../../../src/io/modules/module-caller.ts";
import { callOf, settingsOf, validator } from "./hosts.ts";

it("that a bug of ours hits keeps its places for the calls that come after", async () => {
  const [settings] = settingsOf({ m: { url: "https://m.example/mcp", maxConcurrent: 1, queue: 0 } });
  if (settings === undefined) throw new Error("there are no settings");
  let invoked = 0;
  const caller = new ModuleCaller({
    settings,
    locked: undefined,
    maxBytes: 1024,
    deadlineMs: 5000,
    isPinned: false,
    open: () =>
      Promise.resolve({
        revision: "",
        ask: (method) => {
          if (method === "interceptors/list")
            return Promise.resolve({ kind: "result", result: { interceptors: [validator("v")] } });
          invoked += 1;
          if (invoked === 1) throw new Error("a bug");
          return Promise.resolve({ kind: "result", result: { valid: true } });
        },
        close: () => Promise.resolve(),
      }),
    renewed: () => undefined,
    report: () => undefined,
    said: () => undefined,
  });
  onTestFinished(() => caller.host.close());
  await caller.host.started;
  await expect(caller.call(callOf())).rejects.toThrow("a bug");
  expect(await caller.call(callOf())).toMatchObject({ kind: "pass", used: [{ outcome: "pass" }] });
  expect(caller.meter.inFlight).toBe(0);
});
