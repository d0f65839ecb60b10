// What an approval is bound to: a digest of exactly what would be sent, for whom, why a human was asked, and what was shown.
import { objectOf } from "../../message/canonical.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Gated } from "../judge.ts";
import { subjectOf } from "../rounds/sealed-round.ts";
import { sentContent } from "./sent-content.ts";

export interface Shown {
  /** Ids of the rules that ask. */
  readonly rules: readonly string[];
  readonly text: string;
  /** The only way that the rules allow: what was said by another is not said here. */
  readonly via: string | undefined;
}

export function digestOf(
  session: ClientSession,
  { hearing, judged }: Pick<Gated, "hearing" | "judged">,
  shown: Shown,
): string {
  const { method, server, name, kind, from } = hearing.facts;
  const said = {
    v: 1,
    kind,
    from,
    method,
    server,
    thing: name,
    principal: session.options.seal.digest(subjectOf(session)),
    ...shown,
  };
  const members = Object.entries(said).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, text: JSON.stringify(value) }],
  );
  const sent = sentContent({ hearing, judged }, session.options.limits);
  return session.options.seal.digest(objectOf(sent === undefined ? members : [...members, sent]));
}
