// The part of a message that rules judge, as it leaves, in text that is the same whenever the same is sent.
import { canonicalText, type LeavesOut } from "../../message/canonical.ts";
import { readEnvelope } from "../../message/envelope.ts";
import type { Gated } from "../judge.ts";
import type { DispatchLimits } from "../options.ts";
import { writeMessage } from "../wording/write-message.ts";

export interface SentPart {
  readonly key: "params" | "result" | "error";
  readonly text: string;
}

/** In the words of whoever gets it. `undefined`: there is none. */
export function sentContent(
  { hearing, judged }: Pick<Gated, "hearing" | "judged">,
  limits: DispatchLimits,
): SentPart | undefined {
  const { envelope, inward = [] } = hearing;
  const written = Buffer.concat(writeMessage(envelope, judged, { id: undefined, placements: inward }));
  const read = readEnvelope(written, limits);
  if (read.kind === "malformed" || read.kind === "batch") throw new Error("what was written cannot be read");
  const key = (["params", "result", "error"] as const).find((name) => read[name] !== undefined);
  const range = key && read[key];
  return key === undefined || range === undefined
    ? undefined
    : { key, text: canonicalText(read.bytes, range, isOfThisRound) };
}

/** What is other whenever the same is sent. */
const isOfThisRound: LeavesOut = ([first = "", second, third]) => {
  if (second === undefined) return first === "inputResponses" || first === "requestState";
  return third === undefined && first === "_meta" && (OF_THIS_SENDING.has(second) || second.startsWith(OF_MCP));
};

const OF_THIS_SENDING: ReadonlySet<string> = new Set(["progressToken", "traceparent", "tracestate", "baggage"]);
const OF_MCP = "io.modelcontextprotocol/";
