// DeepL on its own wire: what exactly it is asked, and what is made of its answers.
import { describe, expect, test } from "vitest";
import { deepl, packOf } from "./services.ts";
import { deepL, type Reply, standIn } from "./stand-in.ts";

describe("DeepL", () => {
  test("is sent XML whose tokens are tags that it ignores", async () => {
    const server = await deepL();
    const outcome = await deepl(server.url).translate(packOf(["Search {repo} & more", "a > b in `c`"]));
    expect(outcome).toEqual({ kind: "answered", answers: ["«Search ⟦0⟧ & more»", "«a > b in ⟦0⟧»"] });
    expect(server.asked).toMatchObject([
      { method: "POST", path: "/v2/translate", headers: { authorization: "DeepL-Auth-Key k:fx" } },
    ]);
    expect(server.asked[0]?.body).toEqual({
      text: ["Search <x>0</x> &amp; more", "a &gt; b in <x>0</x>"],
      source_lang: "EN",
      target_lang: "FR",
      context: "title, description",
      preserve_formatting: true,
      split_sentences: "nonewlines",
      tag_handling: "xml",
      tag_handling_version: "v2",
      ignore_tags: ["x"],
      glossary_id: "g1",
      formality: "prefer_more",
    });
  });

  test.each([
    ["en", "pt-BR", "EN", "PT-BR"],
    ["en-GB", "zh-Hant", "EN", "ZH-HANT"],
    ["de", "en", "DE", "EN-US"],
    ["de", "pt", "DE", "PT-PT"],
  ])("calls %s and %s %s and %s", async (source, target, from, to) => {
    const server = await deepL();
    await deepl(server.url).translate(packOf(["One"], { source, target }));
    expect(server.asked[0]?.body).toMatchObject({ source_lang: from, target_lang: to });
  });

  test.each<readonly [string, Reply, unknown]>([
    ["a request that is too large", { status: 413, body: {} }, { kind: "too-large" }],
    ["too many", { status: 429, body: {} }, { kind: "busy", reason: "it answers with status 429", afterMs: undefined }],
    [
      "an overload of its own",
      { status: 529, body: {} },
      { kind: "busy", reason: "it answers with status 529", afterMs: undefined },
    ],
    [
      "a quota that is used up",
      { status: 456, body: {} },
      { kind: "refused", reason: "its quota is used up", isForGood: true },
    ],
    ["a key that is not good", { status: 403, body: {} }, { kind: "refused", reason: "it answers with status 403" }],
    ["too few answers", { body: { translations: [] } }, { kind: "refused", reason: "its answer is malformed" }],
    [
      "entities",
      { body: { translations: [{ text: "&lt;x&gt; &amp;amp; &#39;" }] } },
      { kind: "answered", answers: ["<x> &amp; '"] },
    ],
    ["a text that is none", { body: { translations: [{}] } }, { kind: "answered", answers: [undefined] }],
  ])("may answer with %s", async (_, reply, outcome) => {
    const server = await standIn(() => reply);
    expect(await deepl(server.url).translate(packOf(["One"]))).toEqual(outcome);
  });
});
