// Patterns in the settings, as the policy language means them: `/…/flags` is a regular expression, everything else the text itself.
import { compilePattern, type Pattern, type PatternPart } from "../../expression/pattern.ts";
import { compileRegex } from "../../expression/regex/regex.ts";
import type { SettingsFault, SettingsPath } from "./problem.ts";

/** `at`: where the list of them stands. */
export function patternFaults(texts: readonly string[], at: SettingsPath): readonly SettingsFault[] {
  return texts.flatMap((text, index) => {
    const part = partOf(text);
    const compiled = part.kind === "regex" ? compileRegex(part.source, part.flags) : undefined;
    if (compiled?.kind !== "problem") return [];
    const help = "a regular expression of the policy language: no look-around, no back-references";
    return [{ at: [...at, index], message: `the pattern cannot be used: ${compiled.message}`, help }];
  });
}

/** Only what `patternFaults` found nothing wrong with. `undefined`: there are none. */
export function patternOf(texts: readonly string[]): Pattern | undefined {
  return texts.length === 0 ? undefined : compilePattern(texts.map(partOf));
}

function partOf(text: string): Extract<PatternPart, { kind: "regex" | "glob" }> {
  const [, source, flags] = /^\/(.+)\/([ims]*)$/s.exec(text) ?? [];
  return source === undefined ? { kind: "glob", text } : { kind: "regex", source, flags: flags ?? "" };
}
