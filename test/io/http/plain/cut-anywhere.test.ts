// A law: however the bytes of requests are cut on their way, and whenever they are answered, each is answered once, in order.
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import "../../../seed.ts";
import { until } from "../../../until.ts";
import { answer, openPlainScene, post } from "./scene.ts";

const requests: readonly ((body: string) => string)[] = [
  (body) => post(body),
  (body) => post(body, ["X-Other: 1"]),
  (body) => post(body, ["Origin: http://localhost"]),
  (body) =>
    `POST /mcp HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
];
/** Mostly what is plain. */
const request = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...requests.slice(0, 2)) },
  { weight: 1, arbitrary: fc.constantFrom(...requests) },
);
/** Where it is cut, from its end, and for how many turns of the event loop nothing more comes then, and after it. */
const way = fc.record({ cut: fc.option(fc.nat({ max: 400 })), pause: fc.nat({ max: 3 }), rest: fc.nat({ max: 3 }) });
const conversation = fc.record({
  asked: fc.array(fc.tuple(request, fc.integer({ min: 1, max: 300 }), way), { minLength: 1, maxLength: 6 }),
  delays: fc.array(fc.nat({ max: 4 }), { minLength: 6, maxLength: 6 }),
});

test("requests cut anywhere are answered once each, in order", async () => {
  const scene = await openPlainScene(false);
  let plain = 0;
  await fc.assert(
    fc.asyncProperty(conversation, async ({ asked, delays }) => {
      scene.served.length = 0;
      const bodies = asked.map(([, length], index) => String(index).repeat(length));
      const { socket, heard } = scene.speak("");
      const answering = answerAll(scene, delays, asked.length);
      for (const [index, [write, , { cut, pause, rest }]] of asked.entries()) {
        const text = write(bodies[index] ?? "");
        const at = Math.max(text.length - (cut ?? 0), 0);
        socket.write(text.slice(0, at));
        await turns(pause);
        socket.write(text.slice(at));
        await turns(rest);
      }
      await answering;
      await until(() => [...heard().matchAll(/<\d+>/g)].length === asked.length);
      expect([...heard().matchAll(/<(\d+)>/g)].map(([, body]) => body)).toEqual(bodies);
      plain += scene.served.filter(({ by }) => by === "plain").length;
      expect(scene.served).toHaveLength(asked.length);
      socket.destroy();
    }),
    { numRuns: 300 },
  );
  expect(plain).toBeGreaterThan(200);
});

async function answerAll(
  scene: Awaited<ReturnType<typeof openPlainScene>>,
  delays: readonly number[],
  count: number,
): Promise<void> {
  for (let number = 1; number <= count; number++) {
    const { response, body } = await scene.nth(number);
    await turns(delays[number - 1] ?? 0);
    answer(response, `<${body}>`);
  }
}

async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left--) await turn();
}
