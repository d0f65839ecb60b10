// The answer to the last question, kept: the headers of a client's requests say the same again and again, and to read them takes a while.

/** `work` for a text that is not the one of the last time. */
export function rememberingLast<Answer extends boolean | string>(
  work: (text: string) => Answer,
): (text: string) => Answer {
  let last = "";
  let answer: Answer | undefined;
  return (text) => {
    if (answer === undefined || text !== last) {
      answer = work(text);
      last = text;
    }
    return answer;
  };
}
