// A translator that fails: tried again where that helps, left alone where it does not, and never waited for.
import { describe, expect, test } from "vitest";
import { deepl, LIMITS, open, request } from "./opened.ts";
import { nobody, pseudo, standIn, textsIn } from "./stand-in.ts";

describe("a translator that fails", () => {
  test("is tried again, after as long as it says", async () => {
    let calls = 0;
    const server = await standIn(({ body }) => {
      calls += 1;
      if (calls === 1) return { status: 429, headers: { "retry-after": "0" }, body: {} };
      if (calls === 2) return { status: 503, body: {} };
      return { body: { translations: textsIn(body["text"]).map((text) => ({ text: pseudo(text) })) } };
    });
    const { translation } = open(deepl(server.url));
    expect(await translation.answer(request(["One"]))).toMatchObject({ texts: ["«One»"] });
    expect(calls).toBe(3);
  });

  test("whose key is not good is asked once a text, and said once", async () => {
    const server = await standIn(() => ({ status: 403, body: {} }));
    const { translation, reports } = open(deepl(server.url));
    for (const text of ["One", "Two", "Three"]) {
      expect(await translation.answer(request([text]))).toMatchObject({ texts: [undefined], isPartial: true });
    }
    expect(server.asked).toHaveLength(3);
    expect(reports).toEqual(["the translator one fails: it answers with status 403; texts stay as they are"]);
  });

  test("five times is left alone for a while, and nobody waits for it then", async () => {
    const server = await standIn(() => ({ status: 403, body: {} }));
    const { translation } = open(deepl(server.url));
    for (let index = 0; index < 8; index += 1) await translation.answer(request([`Text ${index}`]));
    expect(server.asked).toHaveLength(5);
    const start = performance.now();
    expect(await translation.answer(request(["More"]))).toMatchObject({ isPartial: true });
    expect(performance.now() - start).toBeLessThan(500);
  });

  test("whose quota is used up is not asked again", async () => {
    const server = await standIn(() => ({ status: 456, body: {} }));
    const { translation, reports } = open(deepl(server.url));
    await translation.answer(request(["One"]));
    await translation.answer(request(["Two"]));
    expect(server.asked).toHaveLength(1);
    expect(reports[0]).toContain("is not asked again before the proxy is started anew");
  });

  test("has no more waiting for it than it could ever work off: the rest stays as it is", async () => {
    const server = await standIn(({ body }) => ({
      body: { translations: textsIn(body["text"]).map((text) => ({ text: pseudo(text) })) },
    }));
    const { translation } = open(deepl(server.url), { limits: { ...LIMITS, messageMs: 20_000 } });
    const asked = request(Array.from({ length: 10_100 }, (_, index) => `Text ${index}`));
    const answer = await translation.answer(asked);
    const left = answer.kind === "translated" ? answer.texts.filter((text) => text === undefined) : [];
    expect(left).toHaveLength(100);
  });

  test("never keeps a message longer than its time", async () => {
    const { translation } = open(deepl(await nobody()), { limits: { ...LIMITS, messageMs: 300 } });
    const start = performance.now();
    expect(await translation.answer(request(["One"]))).toMatchObject({ isPartial: true });
    expect(performance.now() - start).toBeLessThan(1200);
  });
});
