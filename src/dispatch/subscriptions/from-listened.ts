// What a modern server says of a `subscriptions/listen` of ours: what it will tell, and that it tells no more.
import { parseContent } from "../../message/content.ts";
import type { NotificationEnvelope } from "../../message/envelope.ts";
import { rangeAt, rawAt } from "../../message/locate.ts";
import { SUBSCRIPTION_ID } from "../../message/eras/modern-meta.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { filterOf, NOTHING } from "./filter.ts";

export function hearAgreed({ listening }: ServerLink, envelope: NotificationEnvelope): void {
  const id = idAt(envelope, ["_meta", SUBSCRIPTION_ID]);
  const { params } = parseContent(envelope);
  if (id !== undefined) listening?.acknowledge(id, filterOf(params) ?? NOTHING);
}

/** Servers of that era cancel nothing else. */
export function hearEnded({ listening }: ServerLink, envelope: NotificationEnvelope): void {
  const id = idAt(envelope, ["requestId"]);
  if (id !== undefined) listening?.end(id);
}

function idAt({ bytes, params }: NotificationEnvelope, keys: readonly string[]): string | undefined {
  const range = params === undefined ? undefined : rangeAt(bytes, params, keys);
  return range === undefined ? undefined : rawAt(bytes, range);
}
