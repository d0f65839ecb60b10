// A judged message, back to bytes for its new reader: its own bytes wherever no rule changed them.
import type { Content } from "../../engine/decision.ts";
import { isAmbiguous, parseContent, writeContent } from "../../message/content.ts";
import type { Envelope, RequestEnvelope } from "../../message/envelope.ts";
import { rangeAt, textAt } from "../../message/locate.ts";
import { nameField } from "../../message/eras/modern-headers.ts";
import { type Rewording, rewordingEdits, rewordWritten } from "../../message/eras/reword.ts";
import type { Edit } from "../../message/edits/splice.ts";
import { splice } from "../../message/edits/splice.ts";
import { withoutStrangers } from "../../message/strangers.ts";
import type { MessageBytes } from "../event.ts";
import type { Judged } from "../judge.ts";
import type { Likeness } from "./likeness.ts";
import type { Placement } from "./placement.ts";
import { place } from "./placement.ts";

export interface Readdressing {
  /** The id its new reader knows it by; `undefined`: a notification. */
  readonly id: string | undefined;
  readonly placements: readonly Placement[];
  /** What else has to be other for the reader; forces the content to be parsed. */
  readonly adapt?: ((content: Content) => Content) | undefined;
  /** What is other in its reader's era. */
  readonly rewording?: Rewording | undefined;
}

/**
 * A content that a rule has read is sent on with no key that stands twice, and without what stands beside it and no rule
 * can read: what is judged is what is sent.
 */
export function writeMessage(envelope: Envelope, judged: Judged, readdressing: Readdressing): MessageBytes {
  const written = withContent(envelope, judged, readdressing);
  return judged.before !== undefined && envelope.hasStrangers ? withoutStrangers(written) : written;
}

/** Of what `writeMessage` makes of it; `undefined`: that is written anew. */
export function likenessOf(request: RequestEnvelope, judged: Judged, readdressing: Readdressing): Likeness | undefined {
  const { id, placements } = readdressing;
  if (id === undefined || !isSpliced(request, judged, readdressing)) return undefined;
  const field = nameField(request.method);
  if (field === undefined || request.params === undefined) return { of: request, id, name: undefined };
  const placed = placements.find(({ at }) => at.length === 2 && at[0] === "params" && at[1] === field);
  if (placed === undefined) {
    const name = textAt(request.bytes, rangeAt(request.bytes, request.params, [field]));
    return { of: request, id, name };
  }
  const name: unknown = JSON.parse(placed.text);
  return { of: request, id, name: typeof name === "string" ? name : undefined };
}

/** The bytes that came are what it becomes, wherever nothing is said otherwise. */
function isSpliced(envelope: Envelope, { before, decision }: Judged, { adapt }: Readdressing): boolean {
  return adapt === undefined && (before === undefined || (!decision.changed && !isAmbiguous(envelope)));
}

function withContent(envelope: Envelope, judged: Judged, readdressing: Readdressing): MessageBytes {
  const { id, placements, adapt, rewording } = readdressing;
  const { before, decision } = judged;
  const idEdits = editsOfId(envelope, id);
  if (isSpliced(envelope, judged, readdressing)) {
    const edits = rewording === undefined ? placements : [...placements, ...rewordingEdits(envelope, rewording)];
    return splice(envelope.bytes, edits.length === 0 ? idEdits : [...idEdits, ...edits]);
  }
  const origin = before ?? parseContent(envelope);
  const placed = place(before === undefined ? origin : decision.content, placements);
  const written = writeContent(envelope, origin, adapt === undefined ? placed : adapt(placed), idEdits);
  return rewording === undefined ? written : rewordWritten(written, rewording);
}

function editsOfId(envelope: Envelope, id: string | undefined): readonly Edit[] {
  if (id === undefined || envelope.idRange === undefined) return [];
  return [{ range: envelope.idRange, text: id }];
}
