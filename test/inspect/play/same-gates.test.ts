// Tests of policies pass the same gates as real messages: the same calls, played both ways, end the same.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { StoreNeed } from "../../../src/dispatch/gates/store-need.ts";
import { openConversation, type Conversation } from "../../../src/inspect/play/conversation.ts";
import { reply } from "../../../src/inspect/play/reply.ts";
import { sendMessage } from "../../../src/inspect/play/send.ts";
import { createMemoryStore } from "../../../src/io/store/memory-store.ts";
import { STORE_DEFAULTS } from "../../../src/io/store/store-settings.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/mcp/json.ts";
import { Stage, type Said } from "../../dispatch/stage.ts";
import { drive, revisionOf } from "./play.ts";

const POLICY = `default allow
rule few when tools/call a on a limit 2 per 1m
rule sum when tools/call b on a limit 5 of n per 1m else answer "enough"
rule together when tools/call a | b on a limit 4 per 2m by ("all") else block "slowly"
rule keep when tools/call c on a cache for 30s
rule sum-kept when tools/call c on a limit 3 per 1m
rule mark when tools/call d on a tag seen for 40s by user
rule marked when tools/call a | e on a with tags seen block "after d"
rule mask when message from server redact /SECRET/ as "***"`;

const revision = revisionOf(POLICY);

interface Step {
  readonly tool: string;
  readonly n: number;
  /** Milliseconds since the step before. */
  readonly after: number;
  readonly answer: JsonObject;
}

/** What the server was asked to do, and what the client got. */
interface Outcome {
  readonly sent: JsonValue | undefined;
  readonly got: JsonValue | undefined;
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    tool: fc.constantFrom("a", "b", "c", "d", "e"),
    // No id of a message is like these.
    n: fc.constantFrom(0.5, 1.5, 2.5),
    // No sum of them is the very end of a window.
    after: fc.constantFrom(0, 0, 1009, 13_007, 29_009, 47_017),
    answer: fc.constantFrom<JsonObject>(
      { content: [{ type: "text", text: "one" }] },
      { content: [{ type: "text", text: "a SECRET" }] },
      { content: [{ type: "text", text: "no" }], isError: true },
    ),
  }),
  { minLength: 1, maxLength: 16 },
);

test("whatever is called, whenever, and whatever the server answers", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (played) => {
      expect(asTested(played)).toEqual(await asProxied(played));
    }),
    { numRuns: 100 },
  );
});

function asTested(played: readonly Step[]): readonly Outcome[] {
  let conversation: Conversation = openConversation(0);
  return played.map(({ tool, n, after, answer }) => {
    const content = { params: { name: tool, arguments: { n } } };
    const message = { method: "tools/call", content, from: "client", server: "a" } as const;
    conversation = drive(
      sendMessage(revision, { ...conversation, now: conversation.now + after, outcome: undefined }, message),
    );
    const { pending } = conversation;
    const sent = pending && argumentsOf(pending.request);
    if (pending) conversation = drive(reply(revision, conversation, pending, { result: answer }));
    return { sent, got: conversation.outcome?.shown["result"] };
  });
}

async function asProxied(played: readonly Step[]): Promise<readonly Outcome[]> {
  const tools = ["a", "b", "c", "d", "e"].map((name) => ({ name, inputSchema: { type: "object" } }));
  const stage = Stage.open({ policy: POLICY, servers: { a: { tools } } });
  const store = createMemoryStore(STORE_DEFAULTS, () => stage.now);
  const outcomes: Outcome[] = [];
  for (const [id, { tool, n, after, answer }] of played.entries()) {
    stage.now += after;
    const params = { name: tool, arguments: { n } };
    const said = await settled(stage, store, stage.client({ id, method: "tools/call", params }));
    const toServer = messageTo("a", said);
    const back =
      toServer && (await settled(stage, store, stage.server("a", { id: toServer["id"] ?? null, result: answer })));
    const toClient = messageTo("client", back ?? said);
    outcomes.push({ sent: toServer && argumentsOf(toServer), got: toClient?.["result"] });
  }
  return outcomes;
}

/** Once the store has answered everything. */
async function settled(
  stage: Stage,
  store: ReturnType<typeof createMemoryStore>,
  said: readonly Said[],
): Promise<readonly Said[]> {
  const all = [...said];
  for (let [asks] = stage.asked(); asks !== undefined; [asks] = stage.asked()) {
    if (asks.kind === "store") all.push(...stage.remembers(await ask(store, asks.store)));
    else if (asks.kind === "tags") all.push(...stage.tell({ kind: "tags", answer: await store.tags(asks.keys) }));
    else throw new Error(`nobody was to ${asks.kind}`);
  }
  return all;
}

function ask(store: ReturnType<typeof createMemoryStore>, need: StoreNeed) {
  switch (need.kind) {
    case "reserve":
      return store.reserve(need.reservations);
    case "recall":
      return store.recall(need.key);
    case "keep":
      return store.keep(need.key, need.value, need.forMs);
    case "spend":
      return store.spend(need.token, need.forMs);
    case "mark":
      return store.mark(need.key, need.names, need.forMs);
    case "park":
      return store.park(need.key, need.value, need.forMs);
    case "fetch":
      return store.fetch(need.key);
  }
}

function messageTo(to: string, said: readonly Said[]): JsonObject | undefined {
  const message = said.findLast(([peer]) => peer === to)?.[1];
  return isJsonObject(message) ? message : undefined;
}

function argumentsOf({ params }: JsonObject): JsonValue | undefined {
  return isJsonObject(params) ? params["arguments"] : undefined;
}
