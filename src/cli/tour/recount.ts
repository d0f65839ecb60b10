// What happened, told in a few lines: label, who, what, and the rule that did it with its place.
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { DecisionRecord } from "../../engine/decision-record.ts";
import { stripVTControlCharacters } from "node:util";
import type { Paint } from "../paint.ts";
import { isHiding, type Exchange, type Listing, type Tool } from "./happenings.ts";

export interface Teller {
  readonly paint: Paint;
  /** Columns of the terminal. */
  readonly width: number;
  /** `file:line` of a rule, by its id. */
  placeOf(rule: string): string | undefined;
}

/** Where each rule of a folder stands now: for decisions that name a rule and no place. */
export function findRules(folder: string): Teller["placeOf"] {
  const places = new Map<string, string>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".mcprules"))) {
    for (const [index, line] of readFileSync(join(folder, file), "utf8").split("\n").entries()) {
      const rule = /^\s*rule\s+(\S+)/.exec(line)?.[1];
      if (rule !== undefined) places.set(rule, `${file}:${index + 1}`);
    }
  }
  return (rule) => places.get(rule);
}

export function recountListing({ own, shown, decisions }: Listing, teller: Teller): readonly string[] {
  const { paint } = teller;
  const servers = [...new Set(own.map((tool) => tool.server))];
  const counts = servers.map((server) => `${own.filter((tool) => tool.server === server).length} of ${server}`);
  const hidden = decisions.filter(isHiding);
  const isHidden = (tool: { readonly server: string; readonly name: string }): boolean =>
    hidden.some(({ server, name }) => server === tool.server && name === tool.name);
  // What is shown keeps the order of servers and of each server's own list, so the two lists run side by side.
  const pairs = own.filter((tool) => !isHidden(tool)).map((tool, index) => ({ tool, as: shown[index] ?? tool }));
  return [
    row(teller, paint.green("listed"), `${shown.length} of ${own.length} tools`, `(${counts.join(", ")})`),
    ...byRule(hidden).map(([rule, records]) =>
      row(teller, paint.red("hidden"), records.map(({ name }) => name).join(" "), by(teller, rule, records[0]?.place)),
    ),
    ...recountRenames(pairs, decisions, teller),
    ...recountDescriptions(pairs, decisions, teller),
  ];
}

interface Pair {
  readonly tool: Tool & { readonly server: string };
  readonly as: Tool;
}

function recountRenames(
  pairs: readonly Pair[],
  decisions: readonly DecisionRecord[],
  teller: Teller,
): readonly string[] {
  const renamed = pairs.filter(({ tool, as }) => tool.name !== as.name);
  const [first, ...others] = renamed;
  if (!first) return [];
  const more = others.length > 0 ? ` and ${others.length} more` : "";
  return [
    row(
      teller,
      teller.paint.cyan("renamed"),
      `${first.tool.name} → ${first.as.name}${more}`,
      changer(first, decisions, teller),
    ),
  ];
}

function recountDescriptions(
  pairs: readonly Pair[],
  decisions: readonly DecisionRecord[],
  teller: Teller,
): readonly string[] {
  const changed = pairs.filter(({ tool, as }) => tool.description !== as.description);
  const [first] = changed;
  if (!first) return [];
  const length = (of: (pair: Pair) => Tool): string =>
    String(changed.reduce((sum, pair) => sum + of(pair).description.length, 0));
  const what = `${changed.length} descriptions: ${length(({ tool }) => tool)} → ${length(({ as }) => as)} characters`;
  return [row(teller, teller.paint.yellow("rewritten"), what, changer(first, decisions, teller))];
}

/** Who changed a thing in a list. */
function changer({ tool }: Pair, decisions: readonly DecisionRecord[], teller: Teller): string {
  const record = decisions.find(({ server, name }) => server === tool.server && name === tool.name);
  return (record?.changedBy ?? []).map((rule) => by(teller, rule)).join(", ");
}

export function recountExchange(exchange: Exchange, teller: Teller): readonly string[] {
  const { paint } = teller;
  const { sent, heard, said, got, isRefused } = exchange;
  const asked = callText(sent.params);
  const received = heard && callText(heard.params);
  const isChanged = said !== undefined && said !== got;
  const lines = [`${paint.dim("client sent ")} ${asked}`];
  if (received !== asked) lines.push(`${paint.dim("server heard")} ${received ?? "nothing"}`);
  if (isChanged) lines.push(`${paint.dim("server said ")} ${unlike(said, got)}`);
  lines.push(`${paint.dim("client got  ")} ${isChanged ? unlike(got, said) : got}`);
  const [first = "", ...others] = lines.map((line) => cut(line, teller.width - LABEL - 2));
  return [
    row(teller, labelOf(exchange, paint), first, isRefused || isChanged ? "" : rulesOf(exchange, teller)),
    ...others.map((line, index) =>
      row(teller, "", line, index === others.length - 1 && (isRefused || isChanged) ? rulesOf(exchange, teller) : ""),
    ),
  ];
}

function labelOf({ heard, said, got, sent, isRefused }: Exchange, paint: Paint): string {
  if (isRefused) return paint.red("refused");
  if (said !== undefined && said !== got) return paint.magenta("masked");
  if (JSON.stringify(heard?.params["arguments"]) !== JSON.stringify(sent.params?.arguments))
    return paint.yellow("rewritten");
  return heard?.params["name"] === sent.params?.name ? paint.green("passed") : paint.cyan("renamed");
}

/** Who refused it, or who changed it on either way. */
function rulesOf({ decisions }: Exchange, teller: Teller): string {
  const deciding = decisions.filter(({ verdict }) => verdict !== "allow");
  const rules =
    deciding.length > 0 ? deciding.map(({ rule = "", place }) => by(teller, rule, place)) : changers(decisions, teller);
  return [...new Set(rules)].join(", ");
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

function by(teller: Teller, rule: string, place?: string): string {
  const [, file = "", line = ""] = /^(.*):(\d+):\d+$/.exec(place ?? "") ?? [];
  return `${rule} ${file === "" ? (teller.placeOf(rule) ?? "") : `${basename(file)}:${line}`}`.trim();
}

const LABEL = 10;

/** A label, a text, and at the right edge, if there is room, who did it. */
function row({ paint, width }: Teller, label: string, text: string, note = ""): string {
  const left = `${pad(label, LABEL)} ${text}`;
  const gap = width - widthOf(left) - note.length;
  return note === "" ? left : `${left}${" ".repeat(Math.max(2, gap))}${paint.dim(note)}`;
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** On one line, and no longer than that. Colours stand before what may be cut. */
function cut(text: string, width: number): string {
  const line = text.replaceAll(/\s+/g, " ").trimEnd();
  const over = widthOf(line) - width;
  return over > 0 ? `${line.slice(0, -over - 2)} …` : line;
}
