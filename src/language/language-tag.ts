// Tags of languages (BCP 47): `fr`, `pt-BR`, `zh-Hant`; `auto` is the caller's.

export interface TagMistake {
  readonly message: string;
  readonly help: string;
  /** The tag of what was probably meant. */
  readonly meant: string | undefined;
}

/** `undefined`: it is one. */
export function tagMistake(text: string): TagMistake | undefined {
  if (text === "auto") return undefined;
  const tag = canonical(text.replaceAll("_", "-"));
  const names = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });
  if (tag !== undefined && tag.toLowerCase() === text.toLowerCase() && names.of(tag) !== undefined) return undefined;
  const message = `\`${text}\` is no tag of a language`;
  const meant = tag !== undefined && names.of(tag) !== undefined ? tag : tagOfName(text, names);
  return { message, help: meant === undefined ? HELP : `did you mean "${meant}"?`, meant };
}

const HELP = 'write "fr", "pt-BR" or "zh-Hant"; "auto" is the language of whoever reads it';

function canonical(text: string): string | undefined {
  if (!/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*$/.test(text)) return undefined;
  try {
    return Intl.getCanonicalLocales(text)[0];
  } catch {
    return undefined;
  }
}

/** `French` is `fr`: the tags of two letters, by their English names. */
function tagOfName(text: string, names: Intl.DisplayNames): string | undefined {
  const name = text.toLowerCase();
  const tags = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));
  return tags.find((tag) => names.of(tag)?.toLowerCase() === name);
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz".split("");
