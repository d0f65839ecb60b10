// The outcome as one table for people: medians, their spread, and how each compares with one of them.
import { median, ratio, spread } from "./statistics.mjs";

/** `measurements`: `{id, title, unit}`; `taken(id, name)`: the numbers of all rounds. */
export function table(measurements, names, taken, base = "byte pipe") {
  const rows = measurements.flatMap(({ id, title, unit }) => [
    [`${title} (${unit})`, ...names.map((name) => cell(taken(id, name)))],
    [`  against the ${base}`, ...names.map((name) => against(taken(id, name), taken(id, base)))],
  ]);
  return lines([["", ...names], ...rows]);
}

export function targetLines(targets) {
  return lines([
    ["target", "", "limit", ""],
    ...targets.map(({ name, value, limit, isMet }) => [name, figure(value), limit, isMet ? "met" : "MISSED"]),
  ]);
}

function cell(values) {
  return values.length === 0 ? "–" : `${figure(median(values))} ±${Math.round(spread(values) * 50)}%`;
}

function against(values, others) {
  return values.length === 0 || others.length === 0 ? "–" : `×${ratio(values, others).toFixed(2)}`;
}

function figure(value) {
  if (Number.isNaN(value)) return "–";
  return value >= 1000 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
}

function lines(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row.map((text, column) => (column === 0 ? text.padEnd(widths[column]) : text.padStart(widths[column]))),
    )
    .map((row) => row.join("  ").trimEnd())
    .join("\n");
}
