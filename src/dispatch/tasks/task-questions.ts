// What a modern server wants to know while a task is under way: each question is judged as the request it is; those kept from the client are answered in its place.
import { INTERNAL_ERROR } from "../../mcp/errors.ts";
import type { JsonValue } from "../../mcp/json.ts";
import { rawAt } from "../../message/locate.ts";
import type { Changes } from "../../message/eras/reword.ts";
import type { ClientSession } from "../peers/client-session.ts";
import { replyWith } from "../rounds/input-answers.ts";
import { type Question, readInputRequired } from "../rounds/input-required.ts";
import { weigh, type Weighing } from "../rounds/passed-rounds.ts";
import { requestText, type SealedQuestion } from "../rounds/sealed-question.ts";
import type { AskedInTask, Task } from "./task-book.ts";

export interface AskingTask extends Pick<Weighing, "exchange" | "link"> {
  readonly task: Task;
}

/** `raw`: of `inputRequests`. `then` gets what is other for the client. */
export function weighQuestions(
  session: ClientSession,
  asking: AskingTask,
  raw: string,
  then: (changes: Changes) => void,
): void {
  const { exchange, link } = asking;
  const carrier = replyWith(session, "0", `{"inputRequests":${raw}}`);
  const read = carrier === undefined ? "they are none" : readInputRequired(carrier, session.options.limits);
  if (typeof read === "string") {
    exchange.error(INTERNAL_ERROR, `the server \`${link.name}\` asks what cannot be used: ${read}`);
    return;
  }
  const weighed = new Map<string, AskedInTask>();
  const arrive = (key: string, asked: AskedInTask): void => {
    weighed.set(key, asked);
    if (weighed.size === read.questions.length && exchange.isWanted) settle(asking, weighed, then);
  };
  if (read.questions.length === 0) settle(asking, weighed, then);
  for (const question of read.questions) weighOnce(session, asking, question, (asked) => arrive(question.key, asked));
}

/** A client asks again and again how a task stands; that is one question all the same. */
function weighOnce(
  session: ClientSession,
  { exchange, link, task }: AskingTask,
  question: Question,
  then: (asked: AskedInTask) => void,
): void {
  const { bytes, method, params } = question.envelope;
  const raw = `${method} ${params === undefined ? "" : rawAt(bytes, params)}`;
  const revision = session.judge.revision.id;
  const known = task.questions.get(question.key);
  if (known?.raw === raw && known.revision === revision) {
    then(known);
    return;
  }
  const facts = session.facts("result", "tasks/get", "server", link.name);
  weigh(session, { exchange, link, facts }, question, (sealed) => then({ raw, revision, sealed }));
}

/** What the client is not asked, the server is told at once; where nothing is left to ask, the task is just at work. */
function settle(
  { link, task }: AskingTask,
  weighed: ReadonlyMap<string, AskedInTask>,
  then: (changes: Changes) => void,
): void {
  const told = [...weighed].flatMap(([key, { sealed }]): [string, JsonValue][] => {
    const isTold = task.questions.get(key)?.sealed.answer !== undefined;
    return isTold || sealed.answer === undefined ? [] : [[key, JSON.parse(sealed.answer) as JsonValue]];
  });
  task.questions.clear();
  for (const [key, asked] of weighed) task.questions.set(key, asked);
  if (told.length > 0) link.order("tasks/update", { taskId: task.own, inputResponses: Object.fromEntries(told) });
  const open = [...weighed].flatMap(([key, { sealed }]) =>
    sealed.answer === undefined ? [memberText(key, sealed)] : [],
  );
  if (open.length > 0 || weighed.size === 0) then({ inputRequests: `{${open.join(",")}}` });
  else then({ inputRequests: undefined, status: '"working"' });
}

function memberText(key: string, question: SealedQuestion): string {
  return `${JSON.stringify(key)}:${requestText(question)}`;
}
