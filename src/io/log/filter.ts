// Which lines a sink asks for: by method, server, name, sender and verdict. What a line does not say does not match.
import type { DecisionRecord } from "../../engine/decision-record.ts";
import { compilePattern, type Pattern } from "../../expression/pattern.ts";
import type { LogEntry } from "./log-entry.ts";
import type { FilterSettings } from "./log-settings.ts";

/** `undefined`: every line. */
export function compileFilter(filter: FilterSettings): ((entry: LogEntry) => boolean) | undefined {
  const { from, verdict } = filter;
  const [method, server, name] = [patternOf(filter.method), patternOf(filter.server), patternOf(filter.name)];
  if ([method, server, name, from, verdict].every((asked) => asked === undefined)) return undefined;
  return (entry) => {
    const about = aboutOf(entry);
    return (
      isMet(method, about.method) &&
      isMet(server, about.server) &&
      isMet(name, about.name) &&
      (from === undefined || about.from === from) &&
      (verdict === undefined || (about.verdict !== undefined && verdict.includes(about.verdict)))
    );
  };
}

type About = Partial<Pick<DecisionRecord, "method" | "server" | "name" | "from" | "verdict">>;

function aboutOf(entry: LogEntry): About {
  switch (entry.kind) {
    case "decision":
    case "message":
      return entry.record;
    case "log":
      return entry.line;
    case "report":
      return entry.server === undefined ? {} : { server: entry.server };
    case "stderr":
      return { server: entry.server };
  }
}

function patternOf(globs: readonly string[] | undefined): Pattern | undefined {
  return globs && compilePattern(globs.map((text) => ({ kind: "glob", text })));
}

/** In doubt a line is kept, as a `log` that is in doubt is done. */
function isMet(pattern: Pattern | undefined, value: string | undefined): boolean {
  if (pattern === undefined) return true;
  return value !== undefined && pattern.matchesName(value) !== "no";
}
