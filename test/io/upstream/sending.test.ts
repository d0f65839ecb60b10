// Requests that are sent on to where the server is now, several at a time.
import { expect, test } from "vitest";
import type { HttpEvents } from "../../../src/io/upstream/http-request.ts";
import { Sending, type SendingHost } from "../../../src/io/upstream/sending.ts";

const NOTHING = { setPaused: () => undefined, abort: () => undefined };
const SINK = { chunk: () => undefined, end: () => undefined, failed: () => undefined };
const EVENTS: HttpEvents = { head: () => SINK, failed: () => undefined };

test("each is sent on from where it was sent to, wherever the server has moved meanwhile", () => {
  const started: { readonly at: string; readonly events: HttpEvents }[] = [];
  let url = new URL("http://127.0.0.1/a/mcp");
  const host: SendingHost = {
    get url() {
      return url;
    },
    moved: (target) => {
      url = target;
    },
    token: undefined,
    start: (request, _token, events) => {
      started.push({ at: (request.url ?? url).pathname, events });
      return NOTHING;
    },
    isPaused: false,
    enter: () => 1,
    leave: () => undefined,
    sent: () => undefined,
    renew: () => Promise.resolve(undefined),
  };
  for (const _one of [1, 2]) new Sending(host, { method: "POST", headers: {} }, EVENTS, false).start();
  for (const { events } of started.slice(0, 2)) events.head({ status: 307, headers: { location: "v2/mcp" } }).end();
  expect(started.map(({ at }) => at)).toEqual(["/a/mcp", "/a/mcp", "/a/v2/mcp", "/a/v2/mcp"]);
});
