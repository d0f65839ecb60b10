// The ways a value may be read as a path: percent-encoded or not, with `\` for `/`, as a `file:` URI, and so on.

export interface Spelling {
  readonly text: string;
  /** Percent-decoded: to be held against a glob that is decoded too. */
  readonly isDecoded: boolean;
}

/** Each level of encoding makes a server possible that stops there; nobody encodes this often in good faith. */
const MOST_DECODINGS = 4;

const CONTROLS = /\p{Cc}/u;
const DRIVE = /^[A-Za-z]:[\\/]/;

/** `undefined`: it cannot be read with certainty (control characters, broken or endless encoding). */
export function spellingsOf(value: string): readonly Spelling[] | undefined {
  const decodings = decodingsOf(value);
  if (!decodings || decodings.some((text) => CONTROLS.test(text))) return undefined;
  const spellings = decodings.flatMap((text, level) =>
    trimmedVariants(text)
      .flatMap(slashVariants)
      .flatMap(fileVariants)
      .map((variant) => ({ text: variant, isDecoded: level > 0 })),
  );
  const [whole] = decodings;
  return decodings.length > 1 || whole === undefined
    ? spellings
    : [...spellings, ...spellings.map(({ text }) => ({ text, isDecoded: true }))];
}

/** As written, then decoded once, twice, until nothing changes any more. */
export function decodingsOf(value: string): readonly string[] | undefined {
  const decodings = [value];
  for (let text = value; text.includes("%");) {
    const decoded = decodeOnce(text);
    if (decoded === undefined || decodings.length > MOST_DECODINGS) return undefined;
    if (decoded === text) break;
    decodings.push(decoded);
    text = decoded;
  }
  return decodings;
}

export function hasControls(text: string): boolean {
  return CONTROLS.test(text);
}

export function withoutControls(text: string): string {
  return hasControls(text) ? text.replaceAll(/\p{Cc}/gu, "") : text;
}

/** What is no encoding (`100%`) stays; bytes that are no UTF-8 are no text. */
function decodeOnce(text: string): string | undefined {
  try {
    return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (encoded) => decodeURIComponent(encoded));
  } catch {
    return undefined;
  }
}

/** Whoever reads a URI trims it, and many a server whatever it is given. */
function trimmedVariants(text: string): readonly string[] {
  const trimmed = text.trim();
  return trimmed === text ? [text] : [text, trimmed];
}

/** On one system `\` parts segments, on another it is a character; after a drive letter it is clear which. */
function slashVariants(text: string): readonly string[] {
  if (!text.includes("\\")) return [text];
  const slashed = text.replaceAll("\\", "/");
  return DRIVE.test(text) || /^file:/i.test(text) ? [slashed] : [text, slashed];
}

/**
 * The path of a `file:` URI, with and without its query; anything else as it is. Browsers and Node read `file:etc` as
 * `/etc`, and whoever asks for the path of a URI forgets its host.
 */
function fileVariants(text: string): readonly string[] {
  const uri = /^file:(?:\/\/([^/?#]*))?(.*)$/i.exec(text);
  if (!uri) return [text];
  const [, host = "", rest = ""] = uri;
  const path = /^\/[A-Za-z]:(?:\/|$)/.test(rest) ? rest.slice(1) : rest;
  const isLocal = host === "" || host.toLowerCase() === "localhost";
  const located = isLocal ? rootedVariants(path) : [`//${host}${path}`, path];
  return located.flatMap((one) => {
    const end = one.search(/[?#]/);
    return end < 0 ? [one] : [one, one.slice(0, end)];
  });
}

function rootedVariants(path: string): readonly string[] {
  return /^(?:\/|[A-Za-z]:)/.test(path) ? [path] : [path, `/${path}`];
}
