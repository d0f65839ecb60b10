// Why an expression failed, with the code that package jsonata has for it.

const WORDS: Readonly<Record<string, string>> = {
  D1001: "a number is out of range",
  D1002: "what is no number cannot be negated",
  D1004: "a regex matches the empty text",
  D1009: "two keys of an object are the same",
  D1013: "a key is kept for JSONata's own use",
  D2014: "a range is too long",
  D2015: "a list is too long",
  D3001: "a number that is not finite cannot be a text",
  D3010: "the text to replace is empty",
  D3011: "the limit of a replacement is below zero",
  D3012: "a match can only be replaced by a text",
  D3020: "the limit of a split is below zero",
  D3030: "what is to be a number is none",
  D3040: "the limit of a match is below zero",
  D3050: "the function to reduce with takes too few arguments",
  D3060: "a negative number has no square root",
  D3061: "the power is out of range",
  D3070: "only texts, or only numbers, can be sorted without a function",
  D3137: "the expression says so",
  D3138: "more than one fits",
  D3139: "none fits",
  D3140: "a URL is malformed",
  D3141: "what the expression asserts does not hold",
  T0410: "an argument of a function is of the wrong type",
  T0411: "the context is of the wrong type for a function",
  T0412: "a list holds something of the wrong type for a function",
  T1003: "the key of an object is no text",
  T1006: "what is called is no function",
  T1010: "what is to find matches cannot",
  T2001: "the left side of an operator is no number",
  T2002: "the right side of an operator is no number",
  T2003: "the start of a range is no whole number",
  T2004: "the end of a range is no whole number",
  T2006: "the right side of `~>` is no function",
  T2007: "what is sorted by is of unlike types",
  T2008: "what is sorted by is neither text nor number",
  T2009: "what is compared is of unlike types",
  T2010: "what is compared is neither text nor number",
  T2011: "the update of a transform is no object",
  T2012: "what a transform deletes is no list of names",
};

export class JsonataError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`${code}: ${WORDS[code] ?? "it cannot be evaluated"}`);
    this.code = code;
  }
}

/** What `$error` and `$assert` say is the policy's own. */
export class PolicyError extends JsonataError {
  constructor(code: "D3137" | "D3141", message: string) {
    super(code);
    this.message = `${code}: ${message}`;
  }
}

/** Whatever an evaluation threw. */
export function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return "the expression failed: it is nested too deeply";
  return `the expression failed: ${error instanceof Error ? error.message : String(error)}`;
}
