// What `mcprules status` is told of modules: which are up, what they offer, and how often they were asked in vain.
import { afterEach, expect, it } from "vitest";
import { proxyStatus } from "../../../src/io/control/proxy-status.ts";
import { createStore } from "../../../src/io/store/create-store.ts";
import { callOf, onStdio, open, type Opened, validator } from "../modules/hosts.ts";

let opened: Opened | undefined;

afterEach(async () => {
  await opened?.modules.close();
  opened = undefined;
});

it("tells of each module", async () => {
  const answers = { v: { error: { code: -32_603 } } };
  opened = await open({ m: onStdio({ list: [validator("v")], answers }), gone: { command: "no-such-program" } });
  const { modules } = opened;
  await modules.call(callOf());
  const status = proxyStatus({ wings: [], urls: [], store: await createStore(), modules, file: undefined, since: 0 });
  expect(status.modules).toEqual([
    { name: "m", state: "up", reason: null, interceptors: ["v"], calls: 1, failures: 1, restarts: 0 },
    {
      name: "gone",
      state: "down",
      reason: expect.stringContaining("there is no command") as string,
      interceptors: [],
      calls: 0,
      failures: 0,
      restarts: expect.any(Number) as number,
    },
  ]);
});
