// What a running proxy waits for somebody to approve: listed for whoever may use its socket, and decided by them.
import type { OpenQuestion } from "../../dispatch/gates/open-questions.ts";
import type { Wing } from "../wing.ts";

/** Times are ISO 8601; what is not there is `null`, so that every field is always there. */
export interface ApprovalSummary {
  readonly id: string;
  readonly profile: string | null;
  /** As the human is to read it. */
  readonly text: string;
  readonly method: string;
  readonly server: string | null;
  readonly name: string | null;
  readonly client: string | null;
  readonly user: string | null;
  readonly rules: readonly string[];
  readonly askedAt: string;
  readonly until: string;
  /** SHA-256 of exactly what would be sent, and of the text. */
  readonly digest: string;
}

export interface Decided {
  readonly approval: ApprovalSummary;
  readonly approved: boolean;
}

export function approvals(wings: readonly Wing[]): readonly ApprovalSummary[] {
  return wings.flatMap((wing) => wing.questions().map((question) => summaryOf(wing, question)));
}

/** `id`: or how it begins. Throws with the reason where it is none, or more than one. */
export function decide(wings: readonly Wing[], id: string, approves: boolean, by: string): Decided {
  const all = wings.flatMap((wing) => wing.questions().map((question) => ({ id: question.id, wing, question })));
  const { wing, question } = chosen(all, id);
  const approval = summaryOf(wing, question);
  wing.decide(question.id, approves, by);
  return { approval, approved: approves };
}

/** The one that has this id, or whose id alone begins so. Throws with the reason where there is none. */
export function chosen<Waiting extends { readonly id: string }>(all: readonly Waiting[], id: string): Waiting {
  const [one, ...others] = all.filter((waiting) => waiting.id.startsWith(id));
  if (one === undefined)
    throw new Error(`nothing waits for approval as \`${id}\`: it was decided, withdrawn, or out of time`);
  if (others.length > 0)
    throw new Error(`several ids begin with \`${id}\`: ${[one, ...others].map((waiting) => waiting.id).join(", ")}`);
  return one;
}

function summaryOf({ profile }: Wing, question: OpenQuestion): ApprovalSummary {
  const { id, text, method, server, name, client, user, rules, askedAt, until, digest } = question;
  return {
    id,
    profile: profile ?? null,
    text,
    method,
    server: server ?? null,
    name: name ?? null,
    client: client ?? null,
    user: user ?? null,
    rules,
    askedAt: new Date(askedAt).toISOString(),
    until: new Date(until).toISOString(),
    digest,
  };
}
