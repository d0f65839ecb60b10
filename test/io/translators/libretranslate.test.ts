// LibreTranslate on its own wire: what exactly it is asked, and what is made of its answers.
import { describe, expect, test } from "vitest";
import { libre, packOf } from "./services.ts";
import { libreTranslate, type Reply, standIn } from "./stand-in.ts";

describe("LibreTranslate", () => {
  test("is sent HTML whose tokens are not to be translated, and never `auto`", async () => {
    const server = await libreTranslate();
    const outcome = await libre(server.url).translate(packOf(["Search {repo} & more", "a > b in `c`"]));
    expect(outcome).toEqual({ kind: "answered", answers: ["«Search ⟦0⟧ & more»", "«a > b in ⟦0⟧»"] });
    expect(server.asked.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /languages", "POST /translate"]);
    expect(server.asked[1]?.body).toEqual({
      q: ['Search <span translate="no">⟦0⟧</span> &amp; more', 'a &gt; b in <span translate="no">⟦0⟧</span>'],
      source: "en",
      target: "fr",
      format: "html",
      alternatives: 0,
      api_key: "k",
    });
  });

  test("is asked for what it has: a country falls away, another language is refused unasked", async () => {
    const server = await libreTranslate();
    const provider = libre(server.url);
    expect(await provider.translate(packOf(["One"], { target: "fr-CA" }))).toMatchObject({ kind: "answered" });
    expect(server.asked.at(-1)?.body).toMatchObject({ target: "fr" });
    expect(await provider.translate(packOf(["One"], { target: "ja" }))).toEqual({
      kind: "refused",
      reason: "it has no ja",
    });
    expect(server.asked).toHaveLength(2);
  });

  test.each<readonly [string, Reply, unknown]>([
    [
      "a batch beyond its limit",
      { status: 400, body: { error: "Invalid request: request (60) exceeds text limit (50)" } },
      { kind: "too-large" },
    ],
    [
      "a bad request",
      { status: 400, body: { error: "Invalid request: missing q parameter" } },
      { kind: "refused", reason: "it answers with status 400" },
    ],
    [
      "a key that is not good",
      { status: 403, body: { error: "Invalid API key" } },
      { kind: "refused", reason: "it answers with status 403" },
    ],
    [
      "too many",
      { status: 429, headers: { "retry-after": "7" }, body: { error: "Slowdown" } },
      { kind: "busy", reason: "it answers with status 429", afterMs: 7000 },
    ],
    [
      "an error of its own",
      { status: 500, body: { error: "Cannot translate text" } },
      { kind: "busy", reason: "it answers with status 500" },
    ],
    [
      "a redirect",
      { status: 302, headers: { location: "http://127.0.0.1:1/" }, body: "" },
      { kind: "refused", reason: "it answers with status 302" },
    ],
    [
      "another number of answers",
      { body: { translatedText: ["a", "b"] } },
      { kind: "refused", reason: "its answer is malformed" },
    ],
    [
      "a text where a list is due",
      { body: { translatedText: "a" } },
      { kind: "refused", reason: "its answer is malformed" },
    ],
    ["no JSON", { body: "<html>" }, { kind: "refused", reason: "its answer is malformed" }],
    [
      "entities that nobody unescaped",
      { body: { translatedText: ["a &amp; b"] } },
      { kind: "answered", answers: [undefined] },
    ],
    ["something that is no text", { body: { translatedText: [7] } }, { kind: "answered", answers: [undefined] }],
  ])("may answer with %s", async (_, reply, outcome) => {
    const server = await standIn(({ path }) => (path === "/languages" ? { status: 404, body: {} } : reply));
    expect(await libre(server.url).translate(packOf(["One"]))).toEqual(outcome);
  });
});
