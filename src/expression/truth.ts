// Yes, no and doubt: the three answers a condition can give, and how they combine (Kleene).

export type Truth = "yes" | "no" | "doubt";

export function not(truth: Truth): Truth {
  if (truth === "doubt") return "doubt";
  return truth === "yes" ? "no" : "yes";
}

/** `no` wins, then `doubt`; nothing at all is `yes`. */
export function every(truths: Iterable<Truth>): Truth {
  let sum: Truth = "yes";
  for (const truth of truths) {
    if (truth === "no") return "no";
    if (truth === "doubt") sum = "doubt";
  }
  return sum;
}

/** `yes` wins, then `doubt`; nothing at all is `no`. */
export function some(truths: Iterable<Truth>): Truth {
  let sum: Truth = "no";
  for (const truth of truths) {
    if (truth === "yes") return "yes";
    if (truth === "doubt") sum = "doubt";
  }
  return sum;
}

/** What a condition says of several values: all agree, that answer; mixed: doubt; nothing asked: no. */
export function agreed(truths: readonly Truth[]): Truth {
  const first = truths[0] ?? "no";
  return truths.every((truth) => truth === first) ? first : "doubt";
}
