// What an approval is bound to: a digest of exactly what would be sent, for whom, why a human was asked, and what was shown.
import { canonicalText, type LeavesOut, objectOf } from "../../message/canonical.ts";
import { readEnvelope } from "../../message/envelope.ts";
import type { ClientSession } from "../client-session.ts";
import type { Gated } from "../judge.ts";
import { writeMessage } from "../wording/write-message.ts";

export interface Shown {
  /** Ids of the rules that ask. */
  readonly rules: readonly string[];
  readonly text: string;
}

export function digestOf(
  session: ClientSession,
  { hearing, judged }: Pick<Gated, "hearing" | "judged">,
  shown: Shown,
): string {
  const { method, server, name, kind, from } = hearing.facts;
  const said = { v: 1, kind, from, method, server, thing: name, principal: session.key, ...shown };
  const members = Object.entries(said).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, text: JSON.stringify(value) }],
  );
  return session.options.seal.digest(objectOf([...members, ...contentOf(session, { hearing, judged })]));
}

/** As it leaves, in the words of whoever gets it. */
function contentOf(
  { options }: ClientSession,
  { hearing, judged }: Pick<Gated, "hearing" | "judged">,
): readonly { readonly key: string; readonly text: string }[] {
  const { envelope, inward = [] } = hearing;
  const written = Buffer.concat(writeMessage(envelope, judged, { id: undefined, placements: inward }));
  const read = readEnvelope(written, options.limits);
  if (read.kind === "malformed" || read.kind === "batch") throw new Error("what was written cannot be read");
  const part = (["params", "result", "error"] as const).find((key) => read[key] !== undefined);
  const range = part && read[part];
  return range === undefined ? [] : [{ key: part ?? "", text: canonicalText(read.bytes, range, isOfThisRound) }];
}

/** What is other whenever the same is sent. */
const isOfThisRound: LeavesOut = ([first = "", second, third]) => {
  if (second === undefined) return first === "inputResponses" || first === "requestState";
  return third === undefined && first === "_meta" && (OF_THIS_SENDING.has(second) || second.startsWith(OF_MCP));
};

const OF_THIS_SENDING: ReadonlySet<string> = new Set(["progressToken", "traceparent", "tracestate", "baggage"]);
const OF_MCP = "io.modelcontextprotocol/";
