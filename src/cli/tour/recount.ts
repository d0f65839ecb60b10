// What happened, told in a few lines: label, who, what, and the rule that did it with its place.
import { basename } from "node:path";
import type { DecisionRecord } from "../../engine/decision-record.ts";
import { stripVTControlCharacters } from "node:util";
import type { CompiledRule } from "../../language/compiled-policy.ts";
import { printable, type Paint } from "../paint.ts";
import { isHiding, type Exchange, type Listing, type Tool } from "./happenings.ts";

export interface Teller {
  readonly paint: Paint;
  /** Columns of the terminal. */
  readonly width: number;
  /** The tour's own folder, of which nobody has to read the name. */
  readonly temporary: string;
  /** As they stand now: for decisions that name a rule and no place. */
  readonly rules: readonly CompiledRule[];
}

export function recountListing({ own, shown, decisions }: Listing, teller: Teller): readonly string[] {
  const { paint } = teller;
  const servers = [...new Set(own.map((tool) => tool.server))];
  const counts = servers.map((server) => `${server} has ${own.filter((tool) => tool.server === server).length}`);
  const place = ({ server, name }: DecisionRecord): number =>
    own.findIndex((tool) => tool.server === server && tool.name === name);
  const hidden = decisions.filter(isHiding).toSorted((one, other) => place(one) - place(other));
  const isHidden = (tool: { readonly server: string; readonly name: string }): boolean =>
    hidden.some(({ server, name }) => server === tool.server && name === tool.name);
  // What is shown keeps the order of servers and of each server's own list, so the two lists run side by side.
  const pairs = own.filter((tool) => !isHidden(tool)).map((tool, index) => ({ tool, as: shown[index] ?? tool }));
  return [
    row(teller, paint.green("listed"), `${shown.length} of ${own.length} tools`, counts.join(", ")),
    ...byRule(hidden).map(([rule, records]) =>
      row(teller, paint.red("hidden"), records.map(({ name }) => name).join(" "), by(teller, rule, records[0]?.place)),
    ),
    ...recountRenames(pairs, teller),
    ...recountDescriptions(pairs, decisions, teller),
  ];
}

interface Pair {
  readonly tool: Tool & { readonly server: string };
  readonly as: Tool;
}

function recountRenames(pairs: readonly Pair[], teller: Teller): readonly string[] {
  const renamed = pairs.filter(({ tool, as }) => tool.name !== as.name);
  const [first, ...others] = renamed.toSorted((one, other) => one.tool.name.length - other.tool.name.length);
  if (!first) return [];
  const more = others.length > 0 ? ` and ${others.length} more` : "";
  const what = `${first.tool.name} → ${first.as.name}${more}`;
  const rule = teller.rules.find(({ transforms }) =>
    transforms.some((transform) => transform.kind === "rename" && transform.from.captures(first.tool.name)),
  );
  return [row(teller, teller.paint.cyan("renamed"), what, rule && by(teller, rule.id))];
}

function recountDescriptions(
  pairs: readonly Pair[],
  decisions: readonly DecisionRecord[],
  teller: Teller,
): readonly string[] {
  const changed = pairs
    .filter(({ tool, as }) => tool.description !== as.description)
    .map((pair) => ({ tool: pair.tool, as: pair.as, rules: changersOf(pair, decisions) }));
  const isTranslated = ({ rules }: { readonly rules: readonly string[] }): boolean =>
    teller.rules.some(
      ({ id, transforms }) => rules.includes(id) && transforms.some(({ kind }) => kind === "translate"),
    );
  const rewritten = changed.filter((pair) => !isTranslated(pair));
  const length = (of: (pair: Pair) => Tool): string =>
    String(rewritten.reduce((sum, pair) => sum + of(pair).description.length, 0));
  const sizes = `${rewritten.length} descriptions: ${length(({ tool }) => tool)} → ${length(({ as }) => as)} characters`;
  const who = (rules: readonly string[]): string => rules.map((rule) => by(teller, rule)).join(", ");
  return [
    ...rewritten.slice(0, 1).map(({ rules }) => row(teller, teller.paint.yellow("rewritten"), sizes, who(rules))),
    ...changed.filter(isTranslated).map(({ tool, as, rules }) => {
      const words = `${as.name}: ${tool.description} → ${as.description}`;
      return row(teller, teller.paint.yellow("translated"), words, who(rules));
    }),
  ];
}

/** Who changed a thing in a list. */
function changersOf({ tool }: Pair, decisions: readonly DecisionRecord[]): readonly string[] {
  const record = decisions.find(({ server, name }) => server === tool.server && name === tool.name);
  return record?.changedBy ?? [];
}

export function recountExchange(exchange: Exchange, teller: Teller): readonly string[] {
  const { sent, heard, questions, said, got, isRefused } = exchange;
  const asked = callText(sent.params);
  const received = heard && callText(heard.params);
  const isChanged = said !== undefined && said !== got;
  const lines = [speech("client sent", asked, teller)];
  for (const { text, answer } of questions) lines.push(speech("human said", `${answer}: ${text}`, teller));
  if (received !== asked) lines.push(speech("server heard", received ?? "nothing", teller));
  if (isChanged) lines.push(speech("server said", unlike(said, got), teller));
  lines.push(speech("client got", isChanged ? unlike(got, said) : got, teller));
  // Who did it stands beside what was done: at the call that was changed, at the answer that was.
  const at = isRefused || isChanged ? lines.length - 1 : Math.min(1, lines.length - 2);
  return lines.map((line, index) =>
    row(
      teller,
      index === 0 ? labelOf(exchange, teller.paint) : "",
      line,
      index === at ? rulesOf(exchange, teller) : "",
    ),
  );
}

/** Who, in a column of its own, and what, as far as there is room. */
function speech(who: string, what: string, { paint, width, temporary }: Teller): string {
  const line = what.replaceAll(temporary, "…").replaceAll(/\s+/g, " ").trim();
  return `${paint.dim(who.padEnd(WHO))} ${cut(printable(line), width - LABEL - WHO - 3)}`;
}

function labelOf(exchange: Exchange, paint: Paint): string {
  const { heard, said, got, sent, isRefused, decisions } = exchange;
  const known = decisions.map((record) => labelOfGate(record, paint)).find((label) => label !== undefined);
  if (known !== undefined) return known;
  if (isRefused) return paint.red("refused");
  if (said !== undefined && said !== got) return paint.magenta("masked");
  if (JSON.stringify(heard?.params["arguments"]) !== JSON.stringify(sent.params?.arguments))
    return paint.yellow("rewritten");
  return heard?.params["name"] === sent.params?.name ? paint.green("passed") : paint.cyan("renamed");
}

/** Where more than the message and the policy had a say: somebody who was asked, a count, an answer that was kept. */
function labelOfGate({ approval, over, cache }: DecisionRecord, paint: Paint): string | undefined {
  if (over !== undefined) return paint.red("limited");
  if (approval) return approval.outcome === "approved" ? paint.green("approved") : paint.red("declined");
  return cache === "hit" ? paint.green("cached") : undefined;
}

/** Who refused it, or let it be approved, or kept the answer; else who changed it on either way. */
function rulesOf({ decisions }: Exchange, teller: Teller): string {
  const deciding = decisions.filter(({ verdict, approval }) => verdict !== "allow" || approval !== undefined);
  const hit = decisions.find(({ cache }) => cache === "hit");
  const keeper = hit && keeperOf(hit, teller);
  const changing = keeper === undefined ? changers(decisions, teller) : [by(teller, keeper)];
  const rules = deciding.length > 0 ? deciding.map(({ rule = "", place }) => by(teller, rule, place)) : changing;
  return [...new Set(rules)].join(", ");
}

/** The rule by which an answer was kept: records do not name it. */
function keeperOf({ name = "" }: DecisionRecord, { rules }: Teller): string | undefined {
  const isFor = ({ cache, head }: CompiledRule): boolean =>
    cache !== undefined && head.targets.some((target) => target.kind !== "any" && target.name?.captures(name));
  return rules.find(isFor)?.id;
}

function changers(decisions: readonly DecisionRecord[], teller: Teller): readonly string[] {
  return decisions.flatMap(({ changedBy = [] }) => changedBy.map((rule) => by(teller, rule)));
}

function callText(params: { readonly name?: unknown; readonly arguments?: unknown } | undefined): string {
  return `${String(params?.name)} ${JSON.stringify(params?.arguments ?? {})}`;
}

/** The lines of a text that another one does not have. */
function unlike(text: string, other: string): string {
  const others = new Set(other.split("\n"));
  return text
    .split("\n")
    .filter((line) => !others.has(line))
    .join(" ");
}

function byRule(decisions: readonly DecisionRecord[]): readonly (readonly [string, readonly DecisionRecord[]])[] {
  const groups = new Map<string, DecisionRecord[]>();
  for (const record of decisions) {
    const rule = record.rule ?? "default";
    groups.set(rule, [...(groups.get(rule) ?? []), record]);
  }
  return [...groups];
}

function by({ rules }: Teller, rule: string, place?: string): string {
  const [, file, line] = /^(.*):(\d+):\d+$/.exec(place ?? "") ?? [];
  const known = rules.find(({ id }) => id === rule)?.place;
  const where = file === undefined ? known && `${basename(known.file)}:${known.line}` : `${basename(file)}:${line}`;
  return `${rule} ${where ?? ""}`.trim();
}

const LABEL = 10;
const WHO = 12;

/** A label, a text, and at the right edge who did it: below, if there is no room beside. */
function row({ paint, width }: Teller, label: string, text: string, note = ""): string {
  const left = `${label}${" ".repeat(Math.max(0, LABEL - widthOf(label)))} ${text}`;
  if (note === "") return left;
  const gap = width - widthOf(left) - note.length;
  const space = gap >= 2 ? " ".repeat(gap) : `\n${" ".repeat(Math.max(LABEL + 1, width - note.length))}`;
  return `${left}${space}${paint.dim(note)}`;
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 2)} …` : text;
}
