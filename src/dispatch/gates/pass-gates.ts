// The gates in their order: first a human is asked, then it is counted, then tags are kept; after that the message is sent, or found in the cache.
import type { ClientSession } from "../peers/client-session.ts";
import type { Gated, Gates, Outcome } from "../judge.ts";
import { askGate } from "./ask.ts";
import { askModel } from "./ask-model.ts";
import { cacheGate } from "./cache.ts";
import type { Gate, GateOutcome } from "./gate.ts";
import { lastingGate } from "./lasting.ts";
import { limitGate } from "./limit.ts";

export function gatesOf(session: ClientSession): Gates {
  let made: readonly Gate[] | undefined;
  return {
    pass: (gated, then) => passAll((made ??= makeGates(session)), gated, then),
    asksModel: (hearing, leave) => (question, then) => askModel(session, { hearing, leave }, question, then),
  };
}

/** Made for the first message that has to pass them: most sessions have none. */
function makeGates(session: ClientSession): readonly Gate[] {
  const ask = askGate(session);
  return [ask, limitGate(session, ask), lastingGate(session), currentGate(session), cacheGate(session)];
}

/** Whatever was waited for: what goes on is judged by the policy that is in force then. */
function currentGate(session: ClientSession): Gate {
  return ({ judged }, then) => {
    if (judged.revision === session.judge.revision) then({ kind: "judged", judged });
    else then({ kind: "again" });
  };
}

/** Its rules may have taken a while: of what nobody waits for any more nobody is asked. */
function passAll(gates: readonly Gate[], gated: Gated, then: (outcome: Outcome) => void): void {
  if (gated.hearing.exchange?.isWanted === false) then({ kind: "over", judged: gated.judged });
  else passOneByOne(gates, gated, then);
}

function passOneByOne(gates: readonly Gate[], gated: Gated, then: (outcome: Outcome) => void): void {
  passThrough(gates, gated, (outcome) => {
    if (outcome.kind !== "again") then(outcome);
    else gated.again((judged) => passAll(gates, { ...gated, judged }, then));
  });
}

function passThrough([gate, ...others]: readonly Gate[], gated: Gated, then: (outcome: GateOutcome) => void): void {
  const { judged, hearing } = gated;
  if (gate === undefined) {
    then({ kind: "judged", judged });
    return;
  }
  gate(gated, (outcome) => {
    if (outcome.kind !== "judged") then(outcome);
    else if (hearing.exchange?.isWanted === false) then({ kind: "over", judged: outcome.judged });
    else if (outcome.judged !== judged && outcome.judged.decision.verdict === "block") then(outcome);
    else passThrough(others, { ...gated, judged: outcome.judged }, then);
  });
}
