// Tags that outlive their call, kept before the message goes on where a rule reads them: else the next message would find less than there is.
import type { LastingTags } from "../../engine/decision.ts";
import { POLICY_FAILED } from "../../mcp/errors.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Gated, Judged, Outcome } from "../judge.ts";
import type { StoreAnswer } from "./store-need.ts";
import type { Gate } from "./gate.ts";
import { failedOpen, refused } from "./refused.ts";

export function lastingGate(session: ClientSession): Gate {
  return (gated, then) => {
    const { judged } = gated;
    const { lasting, verdict } = judged.decision;
    const read = verdict === "block" ? [] : lasting.filter((tags) => isRead(judged, tags));
    for (const tags of lasting)
      if (!read.includes(tags)) mark(session, tags, (answer) => complain(session, tags, answer));
    if (read.length === 0) then({ kind: "judged", judged });
    else waitFor(session, gated, read, then);
  };
}

function isRead({ revision }: Judged, { names }: LastingTags): boolean {
  const { tagsRead } = revision.policy.policy;
  return names.some((name) => tagsRead.includes(name));
}

function waitFor(
  session: ClientSession,
  { judged, hearing, lane }: Gated,
  read: readonly LastingTags[],
  then: (outcome: Outcome) => void,
): void {
  const release = lane.hold(hearing.facts.kind === "notification");
  let missing = read.length;
  let outcome = judged;
  for (const tags of read) {
    mark(session, tags, (answer) => {
      if (answer.kind !== "kept") outcome = untagged(session, outcome, tags, whyNot(answer));
      missing -= 1;
      if (missing > 0) return;
      try {
        then({ kind: "judged", judged: outcome });
      } finally {
        release();
      }
    });
  }
}

function mark(session: ClientSession, { key, names, forMs }: LastingTags, then: (answer: StoreAnswer) => void): void {
  session.outside.askStore({ kind: "mark", key, names, forMs }, then);
}

function complain(session: ClientSession, { names }: LastingTags, answer: StoreAnswer): void {
  if (answer.kind === "kept") return;
  session.outside.report("warn", `tags that last could not be kept (${names.join(", ")}): ${whyNot(answer)}`);
}

function untagged(session: ClientSession, judged: Judged, tags: LastingTags, failure: string): Judged {
  const { rule, place, failsOpen } = tags;
  if (failsOpen) return failedOpen(judged, [rule]);
  return refused(judged, {
    code: POLICY_FAILED,
    rule,
    place,
    reason: `The policy could not be applied (${rule}).`,
    recordReason: session.outside.mask(`a tag that some rule reads could not be kept: ${failure}`),
  });
}

function whyNot(answer: StoreAnswer): string {
  return answer.kind === "failed" ? answer.reason : `the store said \`${answer.kind}\``;
}
