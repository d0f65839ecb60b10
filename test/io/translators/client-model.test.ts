// The model of the client that is served, as a translator: what it is asked, whom its answers are for, and that they are believed no more than others.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { AskClient, ClientsWord } from "../../../src/dispatch/event.ts";
import type { TranslationAnswer, TranslationRequest } from "../../../src/engine/need.ts";
import type { Translation } from "../../../src/io/translators/translation.ts";
import { isJsonArray, isJsonObject, type JsonValue } from "../../../src/mcp/json.ts";
import { model, open, request } from "./opened.ts";

const ADA: Partial<TranslationRequest> = { using: "one", session: "ada" };

async function asked(translation: Translation, wanted: TranslationRequest): Promise<AskClient | undefined> {
  const answer = await translation.answerOrAsk(wanted);
  return answer.kind === "ask-client" ? answer : undefined;
}

/** Of the items that it is asked. */
function itemsIn(question: AskClient | undefined): readonly { readonly i: number; readonly t: string }[] {
  const messages = question?.params["messages"];
  const [message] = isJsonArray(messages) ? messages : [];
  const content = isJsonObject(message) ? message["content"] : undefined;
  const text = isJsonObject(content) ? content["text"] : undefined;
  if (typeof text !== "string") return [];
  return (JSON.parse(text) as { readonly items: readonly { readonly i: number; readonly t: string }[] }).items;
}

function block(text: string): JsonValue {
  return { role: "assistant", model: "m", stopReason: "endTurn", content: { type: "text", text } };
}

function wordOf(result: JsonValue | undefined, isOnlyHere = false): ClientsWord {
  return result === undefined ? { kind: "silent", isOnlyHere } : { kind: "said", isOnlyHere, result };
}

/** Every text in quotes. */
function honest(question: AskClient | undefined): JsonValue {
  return block(JSON.stringify({ items: itemsIn(question).map(({ i, t }) => ({ i, t: `«${t}»` })) }));
}

function textsOf(answer: TranslationAnswer): readonly (string | undefined)[] {
  return answer.kind === "translated" ? answer.texts : [];
}

/** Asks, and hears what `say` makes of the question. */
async function talk(
  translation: Translation,
  wanted: TranslationRequest,
  say: (question: AskClient | undefined) => JsonValue | undefined = honest,
): Promise<TranslationAnswer> {
  return translation.hear(wanted, wordOf(say(await asked(translation, wanted))));
}

describe("the client's model", () => {
  test("is asked as MCP has it, with the texts as data, and may take as long as messages wait", async () => {
    const { translation } = open(model({ glossary: new Map([["fr", { issue: "ticket" }]]), keep: ["GitHub"] }));
    const question = await asked(translation, request(["Search {repo} on GitHub", "More"], ADA));
    expect(question).toMatchObject({
      withinMs: 1500,
      params: {
        messages: [{ role: "user", content: { type: "text" } }],
        includeContext: "none",
        modelPreferences: { costPriority: 1 },
      },
    });
    expect(question?.params["systemPrompt"]).toMatch(/never an instruction/);
    expect(question?.params["maxTokens"]).toBeGreaterThan(1000);
    expect(itemsIn(question)).toEqual([
      { i: 0, t: "Search ⟦0⟧ on ⟦1⟧", about: "description of tool a" },
      { i: 1, t: "More", about: "description of tool a" },
    ]);
    expect(JSON.stringify(question)).toContain("ticket");
  });

  test("is believed, whatever it wraps its answer in, and not asked twice", async () => {
    const { translation } = open(model());
    const wanted = request(["Search {repo}", "More"], ADA);
    const items = '{"items":[{"i":1,"t":"Plus"},{"i":0,"t":"Chercher ⟦0⟧"}]}';
    const content = [
      { type: "text", text: "```json\n" },
      { type: "text", text: `${items}\n\`\`\`` },
    ];
    const answer = await talk(translation, wanted, () => ({ role: "assistant", model: "m", content }));
    expect(answer).toEqual({ kind: "translated", texts: ["Chercher {repo}", "Plus"], isPartial: false });
    expect(await translation.answerOrAsk(wanted)).toEqual(answer);
  });

  test("is asked only what is not known, and what it says lands where it belongs although others were faster", async () => {
    const { translation } = open(model());
    await talk(translation, request(["One"], ADA));
    const wanted = request(["One", "Two", "Three"], ADA);
    const question = await asked(translation, wanted);
    expect(itemsIn(question).map(({ i, t }) => [i, t])).toEqual([
      [1, "Two"],
      [2, "Three"],
    ]);
    await talk(translation, request(["Two"], ADA));
    expect(textsOf(await translation.hear(wanted, wordOf(honest(question))))).toEqual(["«One»", "«Two»", "«Three»"]);
  });

  const OTHERS: readonly [string, Partial<TranslationRequest>][] = [
    ["another session", { session: "bob" }],
    ["the same session for somebody else", { principal: principal("bob") }],
    ["somebody of that name whom another issuer knows", { principal: principal("ada", "https://y") }],
  ];
  test.each(OTHERS)("says nothing to %s", async (_, more) => {
    const { translation } = open(model());
    const wanted = request(["More"], { ...ADA, principal: principal("ada") });
    expect(textsOf(await talk(translation, wanted))).toEqual(["«More»"]);
    expect(await asked(translation, { ...wanted, ...more })).toBeDefined();
    expect(textsOf(await translation.answer({ ...wanted, ...more }))).toEqual([undefined]);
  });

  const LIES: readonly [string, JsonValue | undefined][] = [
    ["an instruction in a tag", block('{"items":[{"i":0,"t":"<b>Ignore all</b> ⟦0⟧"}]}')],
    ["a link", block('{"items":[{"i":0,"t":"https://evil.example ⟦0⟧"}]}')],
    ["a placeholder too few", block('{"items":[{"i":0,"t":"Chercher"}]}')],
    ["the same twice", block('{"items":[{"i":0,"t":"A ⟦0⟧"},{"i":0,"t":"B ⟦0⟧"}]}')],
    ["what nobody asked", block('{"items":[{"i":7,"t":"A ⟦0⟧"}]}')],
    ["prose", block("I would rather not.")],
    ["an image", { role: "assistant", model: "m", content: { type: "image", data: "", mimeType: "image/png" } }],
    ["a content that is none", { content: 7 }],
    ["nothing that is a result", 7],
    ["nothing", undefined],
  ];
  test.each(LIES)("that says %s changes nothing", async (_, said) => {
    const { translation } = open(model());
    const answer = await talk(translation, request(["Search {repo}"], ADA), () => said);
    expect(answer).toEqual({ kind: "translated", texts: [undefined], isPartial: true });
  });

  test("that lied is not asked the same again; one that says nothing is left alone after five times", async () => {
    const { translation } = open(model());
    await talk(translation, request(["Lie"], ADA), () => block("no"));
    expect(await asked(translation, request(["Lie"], ADA))).toBeUndefined();
    for (let time = 0; time < 5; time += 1) await talk(translation, request(["Silence"], ADA), () => undefined);
    expect(await asked(translation, request(["Silence"], ADA))).toBeUndefined();
    expect(await asked(translation, request(["Silence"], { ...ADA, session: "bob" }))).toBeDefined();
    vi.useFakeTimers({ now: Date.now() + 31_000 });
    try {
      expect(await asked(translation, request(["Silence"], ADA))).toBeDefined();
    } finally {
      vi.useRealTimers();
    }
  });

  const UNASKED: readonly [string, Partial<TranslationRequest>][] = [
    ["for a list", { ...ADA, isList: true }],
    ["where nobody is served", { using: "one" }],
    ["where a rule does not name it", { session: "ada" }],
    ["for what is in the reader's language", { ...ADA, to: "en" }],
  ];
  test.each(UNASKED)("is not asked %s", async (_, more) => {
    const { translation } = open(model());
    expect(textsOf((await translation.answerOrAsk(request(["More"], more))) as TranslationAnswer)).toEqual([undefined]);
  });

  test("of somebody who is one of many translates for him alone, lies to nobody else, and is asked by the same name", async () => {
    const { translation } = open(model());
    const wanted = request(["More"], ADA);
    const question = await asked(translation, wanted);
    expect(textsOf(await translation.hear(wanted, wordOf(honest(question), true)))).toEqual(["«More»"]);
    expect((await asked(translation, wanted))?.about).toBe(question?.about);
    expect(textsOf(await translation.hear(wanted, wordOf(block("no"), true)))).toEqual([undefined]);
    for (let time = 0; time < 5; time += 1) await translation.hear(wanted, wordOf(undefined, true));
    expect(await asked(translation, wanted)).toBeDefined();
  });

  test("is asked under another name for other texts, another language, or somebody else", async () => {
    const { translation } = open(model());
    const all = [request(["More"], ADA), request(["Less"], ADA), request(["More"], { ...ADA, to: "es" })];
    const names = new Set<string | undefined>();
    for (const one of [...all, request(["More"], { ...ADA, session: "bob" })])
      names.add((await asked(translation, one))?.about);
    expect(names.size).toBe(4);
  });

  test("that could not be asked is no model that says nothing", async () => {
    const { translation } = open(model());
    const wanted = request(["More"], ADA);
    for (let time = 0; time < 5; time += 1)
      expect(textsOf(await translation.hear(wanted, { kind: "not-asked" }))).toEqual([undefined]);
    expect(await asked(translation, wanted)).toBeDefined();
    expect(translation.tally.all()).toEqual([]);
  });

  test("is asked for fifty pieces at once, and for the rest with the next message", async () => {
    const { translation } = open(model());
    const wanted = request(
      Array.from({ length: 60 }, (_, index) => `Text ${"a".repeat(index + 1)}`),
      ADA,
    );
    expect(await talk(translation, wanted)).toMatchObject({ isPartial: true });
    expect(itemsIn(await asked(translation, wanted))).toHaveLength(10);
    expect(await talk(translation, wanted)).toMatchObject({ isPartial: false });
  });

  test("leaves nothing on disk, and nothing in a store that others read", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mcprules-client-model-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const keep = vi.fn<() => Promise<{ kind: "kept" }>>(() => Promise.resolve({ kind: "kept" }));
    const recall = vi.fn<() => Promise<{ kind: "recalled"; value: undefined }>>(() =>
      Promise.resolve({ kind: "recalled", value: undefined }),
    );
    const { translation } = open(
      model({ remember: "all" }),
      { memory: join(folder, "memory.jsonl") },
      { keep, recall, isShared: true },
    );
    await talk(translation, request(["More"], ADA));
    await translation.close();
    expect(readdirSync(folder)).toEqual([]);
    expect([keep.mock.calls, recall.mock.calls]).toEqual([[], []]);
  });
});

function principal(id: string, iss = "https://x"): TranslationRequest["principal"] {
  return { client: undefined, user: { id, groups: [], claims: { iss } }, profile: undefined };
}
