// All who translate, where they are dead, slow or without end, and modules that translate.
import { describe, expect, test } from "vitest";
import type { ModuleAnswer, ModuleCall } from "../../../src/engine/need.ts";
import { ModuleProvider } from "../../../src/io/translators/module-provider.ts";
import { chat, deepl, libre, packOf } from "./services.ts";
import { nobody, standIn } from "./stand-in.ts";

describe("a module", () => {
  const answering = (answer: ModuleAnswer) => {
    const calls: ModuleCall[] = [];
    const provider = new ModuleProvider("mine", (call) => {
      calls.push(call);
      return Promise.resolve(answer);
    });
    return { provider, calls };
  };

  test("gets the items and answers with them", async () => {
    const payload = { items: [{ i: 0, t: "Chercher ⟦0⟧" }] };
    const { provider, calls } = answering({ kind: "changed", payload, used: [] });
    expect(await provider.translate(packOf(["Search {repo}"]))).toEqual({
      kind: "answered",
      answers: ["Chercher ⟦0⟧"],
    });
    expect(calls).toMatchObject([
      {
        module: "mine",
        type: "mutation",
        event: "mcprules/translate",
        phase: "request",
        payload: { source: "en", target: "fr", items: [{ i: 0, t: "Search ⟦0⟧", about: "title of tool a" }] },
      },
    ]);
  });

  test.each<readonly [ModuleAnswer, unknown]>([
    [
      { kind: "pass", used: [] },
      { kind: "refused", reason: "it translates nothing" },
    ],
    [
      { kind: "failed", reason: "timeout", used: [] },
      { kind: "busy", reason: "it fails (timeout)" },
    ],
    [
      { kind: "rejected", messages: [], asks: false, mayTell: false, used: [] },
      { kind: "refused", reason: "it refuses" },
    ],
    [
      { kind: "changed", payload: { items: [{ i: 3, t: "x" }] }, used: [] },
      { kind: "refused", reason: "its answer is malformed" },
    ],
  ])("may answer %j", async (answer, outcome) => {
    expect(await answering(answer).provider.translate(packOf(["One"]))).toEqual(outcome);
  });
});

describe("each of them", () => {
  const all = [
    ["LibreTranslate", libre],
    ["DeepL", deepl],
    ["chat completions", chat],
  ] as const;

  test.each(all)("%s: a service that is not there", async (_, make) => {
    expect(await make(await nobody()).translate(packOf(["One"]))).toEqual({
      kind: "busy",
      reason: "it cannot be reached (ECONNREFUSED)",
    });
  });

  test.each(all)("%s: one that never answers", async (_, make) => {
    const server = await standIn(() => undefined);
    const start = performance.now();
    const outcome = await make(server.url, { timeoutMs: 200, maxConcurrent: 4 }).translate(packOf(["One"]));
    expect(outcome).toEqual({ kind: "busy", reason: "it does not answer in time" });
    expect(performance.now() - start).toBeLessThan(1500);
  });

  test.each(all)("%s: one that sends a hundred megabytes", async (_, make) => {
    let sent = 0;
    const server = await standIn((_asked, response) => {
      const chunk = Buffer.alloc(1024 * 1024, " ");
      response.writeHead(200, { "content-type": "application/json" });
      const more = (): void => {
        while (sent < 100 && !response.destroyed) {
          sent += 1;
          if (!response.write(chunk)) return void response.once("drain", more);
        }
        response.end();
      };
      more();
      return undefined;
    });
    const outcome = await make(server.url).translate(packOf(["One"]));
    expect(outcome).toEqual({ kind: "busy", reason: "its answer is too large" });
    expect(sent).toBeLessThan(100);
  });

  test.each(all)("%s: one that sends its answer byte by byte, for ever", async (_, make) => {
    const server = await standIn((_asked, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(timer));
      return undefined;
    });
    const outcome = await make(server.url, { timeoutMs: 300, maxConcurrent: 4 }).translate(packOf(["One"]));
    expect(outcome).toEqual({ kind: "busy", reason: "it does not answer in time" });
  });
});
