// A human is asked before a message goes on.
import { DECLINED } from "../../mcp/errors.ts";
import type { ClientSession } from "../client-session.ts";
import type { Gate } from "./gate.ts";
import { refused } from "./refused.ts";

export function askGate(_session: ClientSession): Gate {
  return ({ judged }, then) => {
    const { question } = judged.decision;
    if (question === undefined) then({ kind: "judged", judged });
    else {
      const refusal = { code: DECLINED, rule: question.rules[0], reason: "Nobody can be asked." };
      then({ kind: "judged", judged: refused(judged, refusal) });
    }
  };
}
