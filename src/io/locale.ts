// Language tags in one spelling, and the language that the surroundings of a process say.

/** One tag in a list; empty: it is none. */
export function canonical(tag: string | undefined): readonly string[] {
  try {
    return tag === undefined || tag === "" ? [] : Intl.getCanonicalLocales(tag);
  } catch {
    return [];
  }
}

/** `LC_ALL`, `LC_MESSAGES`, `LANG`: `fr_CA.UTF-8@euro` is `fr-CA`. `C` and `POSIX` are no language. */
export function localeOf(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { LC_ALL: all, LC_MESSAGES: messages, LANG: lang } = environment;
  const locale = [all, messages, lang].find((text) => text !== undefined && text !== "") ?? "";
  const [tag = ""] = locale.split(/[.@]/, 1);
  return /^(?:C|POSIX)$/i.test(tag) ? [] : canonical(tag.replaceAll("_", "-"));
}
