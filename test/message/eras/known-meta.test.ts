// What is remembered of the `_meta` of one request is never taken for that of another: whatever came before, a message reads as if nothing had.
import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Envelope } from "../../../src/message/envelope.ts";
import { readEnvelope } from "../../../src/message/envelope.ts";
import { claimOf } from "../../../src/message/eras/modern-meta.ts";
import { type Changes, rewordingEdits } from "../../../src/message/eras/reword.ts";
import { splice } from "../../../src/message/edits/splice.ts";
import { rangeAt, rawAt } from "../../../src/message/locate.ts";
import { Members } from "../../../src/message/members.ts";

const PREFIX = "io.modelcontextprotocol/";
const REVISION = `"${PREFIX}protocolVersion":"2026-07-28"`;
const INFO = `"${PREFIX}clientInfo":{"name":"a"}`;
const DEPTH = 5;

/** Some of them sound, and of those some that nearly say the same, or the same with something beside it. */
const METAS = [
  `{${REVISION},${INFO}}`,
  `{${REVISION},"${PREFIX}clientInfo":{"name":"b"}}`,
  `{${REVISION},"${PREFIX}clientInfo":{"name":"a","version":"1"}}`,
  `{${INFO},${REVISION}}`,
  `{ ${REVISION}, ${INFO} }`,
  `{${REVISION},${INFO},"${PREFIX}logLevel":"info"}`,
  `{"progressToken":1,${REVISION},${INFO}}`,
  `{${REVISION},"progressToken":1}`,
  `{${REVISION},"ProgressToken":1}`,
  `{${REVISION}}`,
  `{${REVISION},${REVISION}}`,
  `{${REVISION},"${PREFIX}clientInfo":{"name":"a","name":"a"}}`,
  `{${REVISION},"${PREFIX}clientCapabilities":{"a":{"b":{}}}}`,
  `{${REVISION},${INFO}`,
  `{${REVISION},${INFO}}}`,
  "{}",
];

const message = fc.record({
  meta: fc.constantFrom(...METAS),
  method: fc.constantFrom("tools/call", "tools/list", "x/y"),
  before: fc.constantFrom("", '"name":"t",', ' "own" : 1 , ', `"_meta":{},`),
  after: fc.constantFrom("", ',"arguments":{}', ' , "requestState":"s"'),
  end: fc.constantFrom("}}", '} ,"id":2}'),
  /** Of objects inside each other: the deepest need one more than `DEPTH`. */
  depth: fc.constantFrom(DEPTH - 1, DEPTH, DEPTH + 1),
});
type Message = typeof message extends fc.Arbitrary<infer T> ? T : never;

const textOf = ({ method, before, meta, after, end }: Message): string =>
  `{"jsonrpc":"2.0","id":1,"method":"${method}","params":{${before}"_meta":${meta}${after}${end}`;

const SAYS: Changes = { [`${PREFIX}protocolVersion`]: '"2026-07-28"', [`${PREFIX}clientInfo`]: '{"name":"a"}' };
const SAYS_NOTHING: Changes = { [`${PREFIX}protocolVersion`]: undefined, [`${PREFIX}clientInfo`]: undefined };
const NO_ANSWERS: Changes = { inputResponses: undefined, requestState: undefined };

/** All that anybody may want to know of it. `isNew`: it is read as what nobody can have read before. */
function seen({ depth, ...said }: Message, isNew: boolean): unknown {
  const bytes = Buffer.from(textOf({ depth, ...said }));
  const limits = { depth, isUtf8 };
  const read = readEnvelope(bytes, limits);
  if (read.kind !== "request") return read;
  const envelope = isNew
    ? { ...read, params: read.params && { start: read.params.start, end: read.params.end } }
    : read;
  return {
    claim: claimOf(envelope),
    again: claimOf(envelope),
    params: read.params && [read.params.start, read.params.end],
    values: ["progressToken", `${PREFIX}clientInfo`, "own"].map((key) => {
      const range = envelope.params && rangeAt(bytes, envelope.params, ["_meta", key]);
      return range && rawAt(bytes, range);
    }),
    reworded: [NO_ANSWERS, { name: '"u"' }, {}].flatMap((members) =>
      [SAYS, SAYS_NOTHING, {}].map((meta) => reworded(envelope, members, meta)),
    ),
  };
}

function reworded(envelope: Envelope, members: Changes, meta: Changes): string {
  return Buffer.concat(splice(envelope.bytes, rewordingEdits(envelope, { members, meta }))).toString();
}

/** By a depth that comes once: what is remembered was proven with another. */
let lastDepth = 1000;

function verdictOf(said: Message): string {
  lastDepth += 1;
  const isTooDeep = said.meta.includes('{"b":{}}') && said.depth <= DEPTH;
  return isTooDeep ? "malformed" : readEnvelope(Buffer.from(textOf(said)), { depth: lastDepth, isUtf8 }).kind;
}

test("a message reads the same, whatever came before it", () => {
  fc.assert(
    fc.property(fc.array(message, { minLength: 2, maxLength: 40 }), (messages) => {
      // What is said again is what is remembered.
      for (const said of messages.flatMap((one) => [one, one, one])) {
        const bytes = Buffer.from(textOf(said));
        expect(readEnvelope(bytes, { depth: said.depth, isUtf8 }).kind).toBe(verdictOf(said));
        expect(seen(said, false)).toEqual(seen(said, true));
      }
    }),
    { numRuns: 300 },
  );
});

test.each([
  ["a claim and nothing else is remembered once it was said again", "", [false, false, true, true]],
  ["what has something beside it that is new each time is not", '"progressToken":1,', [false, false, false, false]],
  ["nor is what is long", " ".repeat(4096), [false, false, false, false]],
])("%s", (title, beside, expected) => {
  const meta = `{${beside}${REVISION},"${PREFIX}clientInfo":{"name":"${title}"}}`;
  const text = `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":${meta}}}`;
  const isKnown = expected.map(() => {
    const envelope = readEnvelope(Buffer.from(text), { depth: DEPTH });
    if (envelope.kind === "request") claimOf(envelope);
    return envelope.kind === "request" && envelope.params instanceof Members && envelope.params.meta !== undefined;
  });
  expect(isKnown).toEqual(expected);
});
