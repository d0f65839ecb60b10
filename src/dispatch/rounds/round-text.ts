// The answer to a modern client's request that asks it something first (2026-07-28, Multi Round-Trip Requests).
import { jsonText } from "../../message/json-text.ts";
import { SERVER_INFO } from "../../message/eras/modern-meta.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import { requestText, type SealedQuestion } from "./sealed-question.ts";

/** `questions`: by key. `sealed`: what the client brings back with its answers. */
export function roundText(
  { id, asker }: Exchange,
  questions: Iterable<readonly [string, Pick<SealedQuestion, "method" | "params">]>,
  sealed: string,
): Buffer {
  const requests = Array.from(questions, ([key, question]) => `${JSON.stringify(key)}:${requestText(question)}`);
  const members = [
    '"resultType":"input_required"',
    `"inputRequests":{${requests.join(",")}}`,
    `"requestState":${jsonText(sealed)}`,
    `"_meta":${jsonText({ [SERVER_INFO]: asker?.proxy ?? {} })}`,
  ];
  return Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":{${members.join(",")}}}`);
}
