// The life of a host, with a connection that says what a test wants.
import { expect, it, onTestFinished } from "vitest";
import type { ConnectionEvents } from "../../../src/io/modules/connection.ts";
import { Host } from "../../../src/io/modules/host.ts";
import { ModuleMeter } from "../../../src/io/modules/meter.ts";
import { settingsOf, validator } from "./hosts.ts";

it("that says all day that its list is another is listed once more, and takes no more room", async () => {
  const [settings] = settingsOf({ m: { url: "https://m.example/mcp" } });
  if (settings === undefined) throw new Error("there are no settings");
  let events: ConnectionEvents | undefined;
  let listed = 0;
  const host = new Host({
    settings,
    locked: undefined,
    maxBytes: 1024,
    meter: new ModuleMeter(),
    open: (opener) => {
      events = opener.events;
      const ask = (): Promise<{ kind: "result"; result: { interceptors: ReturnType<typeof validator>[] } }> => {
        listed += 1;
        return Promise.resolve({ kind: "result", result: { interceptors: [validator("v")] } });
      };
      return Promise.resolve({ revision: "", ask, close: () => Promise.resolve() });
    },
    renewed: () => undefined,
    report: () => undefined,
    said: () => undefined,
  });
  onTestFinished(() => host.close());
  await host.started;
  for (let time = 0; time < 100; time += 1) events?.changed();
  await expect.poll(() => listed).toBe(3);
  expect(host.offers.everListed().map(({ hooks }) => hooks.length)).toEqual([1]);
});
