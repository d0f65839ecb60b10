// Chat completions on their own wire: what exactly a model is asked, and what is made of its answers.
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../../src/mcp/json.ts";
import { chat, packOf } from "./services.ts";
import { chatCompletions, completion, itemsIn, questionIn, type Reply, standIn } from "./stand-in.ts";

describe("chat completions", () => {
  test("gets the texts as data, with what they are about and the terms of the glossary", async () => {
    const server = await chatCompletions();
    const outcome = await chat(server.url).translate(
      packOf(["Search {repo}", "More"], { glossary: { issue: "ticket" } }),
    );
    expect(outcome).toEqual({ kind: "answered", answers: ["«Search ⟦0⟧»", "«More»"] });
    const [asked] = server.asked;
    expect(asked).toMatchObject({ method: "POST", path: "/chat/completions", headers: { authorization: "Bearer k" } });
    expect(asked?.body).toMatchObject({
      model: "m",
      temperature: 0,
      messages: [{ role: "system" }, { role: "user" }],
      response_format: { type: "json_schema", json_schema: { name: "t", strict: true } },
    });
    expect(JSON.parse(questionIn(asked?.body ?? {}))).toEqual({
      source: "en",
      target: "fr",
      glossary: { issue: "ticket" },
      items: [
        { i: 0, t: "Search ⟦0⟧", about: "title of tool a" },
        { i: 1, t: "More", about: "description of tool a" },
      ],
    });
  });

  test("a format that it does not take is left out, and not tried again", async () => {
    const server = await standIn(({ body }) =>
      "response_format" in body
        ? { status: 400, body: { error: {} } }
        : completion({ items: itemsIn(body).map(({ i, t }) => ({ i, t })) }),
    );
    const provider = chat(server.url);
    const formats = (): readonly unknown[] =>
      server.asked.map(({ body }) => (body["response_format"] as { readonly type?: string } | undefined)?.type);
    expect(await provider.translate(packOf(["One"]))).toEqual({ kind: "answered", answers: ["One"] });
    expect(formats()).toEqual(["json_schema", "json_object", undefined]);
    await provider.translate(packOf(["Two"]));
    expect(formats()).toEqual(["json_schema", "json_object", undefined, undefined]);
  });

  test("what is missing is asked again, alone, once", async () => {
    const server = await standIn(({ body }) =>
      completion({
        items: itemsIn(body)
          .slice(0, 1)
          .map(({ i, t }) => ({ i, t })),
      }),
    );
    expect(await chat(server.url).translate(packOf(["One", "Two", "Three"]))).toEqual({
      kind: "answered",
      answers: ["One", "Two", undefined],
    });
    expect(server.asked.map(({ body }) => itemsIn(body).map(({ i }) => i))).toEqual([
      [0, 1, 2],
      [1, 2],
    ]);
  });

  test.each<readonly [string, JsonValue, string]>([
    [
      "an item twice",
      {
        items: [
          { i: 0, t: "a" },
          { i: 0, t: "b" },
        ],
      },
      "stop",
    ],
    [
      "an item nobody asked for",
      {
        items: [
          { i: 0, t: "a" },
          { i: 7, t: "b" },
        ],
      },
      "stop",
    ],
    ["talk", "Sure! Here is the translation: Un", "stop"],
    ["another shape", { translations: ["a"] }, "stop"],
    ["an end that is none", { items: [{ i: 0, t: "a" }] }, "content_filter"],
  ])("%s is not believed", async (_, content, finish) => {
    const server = await standIn(() => completion(content, finish));
    expect(await chat(server.url).translate(packOf(["One"]))).toEqual({ kind: "answered", answers: [undefined] });
    expect(server.asked).toHaveLength(2);
  });

  test.each<readonly [string, Reply, unknown]>([
    [
      "JSON in a fence",
      completion('```json\n{"items":[{"i":0,"t":"Un"}]}\n```'),
      { kind: "answered", answers: ["Un"] },
    ],
    ["an answer that was cut off", completion('{"items":[', "length"), { kind: "too-large" }],
    ["too many", { status: 429, body: {} }, { kind: "busy", reason: "it answers with status 429", afterMs: undefined }],
    ["a key that is not good", { status: 401, body: {} }, { kind: "refused", reason: "it answers with status 401" }],
    ["no choice", { body: { choices: [] } }, { kind: "refused", reason: "its answer is malformed" }],
  ])("may answer with %s", async (_, reply, outcome) => {
    const server = await standIn(() => reply);
    expect(await chat(server.url).translate(packOf(["One"]))).toEqual(outcome);
  });
});
