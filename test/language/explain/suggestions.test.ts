// What help says to write is written in the place of the mistake, and then there is none.
import { describe, expect, test } from "vitest";
import { checkPolicy } from "../../../src/inspect/check-policy.ts";
import type { Diagnostic } from "../../../src/source/diagnostic.ts";
import { atOnce } from "../fixture.ts";

const NOW = Date.parse("2026-11-25T12:00:00Z");

/** What is written; how it stands corrected; the parts of that which the help says to write. */
type Row = readonly [written: string, corrected: string, ...said: readonly string[]];

const TARGETS: readonly Row[] = [
  ["tool ^delete_.*$", "tool /^delete_.*$/", "/^delete_.*$/"],
  ["tool ^(delete|drop)_", "tool /^(delete|drop)_/", "/^(delete|drop)_/"],
  ["tool ^a/b$", "tool /^a\\/b$/", "/^a\\/b$/"],
  ["tool delete_%", "tool delete_*", "delete_*"],
  ["tool files/read_file", "tool read_file on files", "tool read_file on files"],
  ["tools/call files/read_*", "tools/call read_* on files", "tools/call read_* on files"],
  ["tool not read_file", "tool * except with name read_file", "tool *", "except with name read_file"],
  [
    "tools/call not read_file on files",
    "tools/call * on files except with params.name read_file",
    "tools/call *",
    "except with params.name read_file",
  ],
  ['resource not "file:///x"', 'resource * except with uri "file:///x"', "resource *", 'except with uri "file:///x"'],
  ["tool !read_file", "tool * except with name read_file", "tool *", "except with name read_file"],
  ["tool != read_file", "tool * except with name read_file", "tool *", "except with name read_file"],
  ["tool a_* | !a_b", "tool a_* except with name a_b", "except with name a_b"],
  [
    "tools/call * except read_file",
    "tools/call * except with params.name read_file",
    "except with params.name read_file",
  ],
  ["tool * except read_file", "tool * except with name read_file", "except with name read_file"],
  ["tool * except with tool read_file", "tool * except with name read_file", "name"],
  [
    "tools/call * except with tools/call read_file",
    "tools/call * except with params.name read_file",
    "with params.name read_file",
  ],
  ["tool * in files", "tool * on files", "on files"],
  ["tool * on not files", "tool * except on files", "except on files"],
  ["tool * except on !files", "tool * on files", "on files"],
  ["tool * on files or notes", "tool * on files | notes", "files | notes"],
  ["tool * on files | mail or notes", "tool * on files | mail | notes", "files | mail | notes"],
  ["tool * for user != alice", "tool * except for user alice", "except for user alice"],
  ['tool = "read_file"', 'tool "read_file"', 'tool "read_file"'],
  ["response of tools/call read_file", "result of tools/call read_file", "result of tools/call read_file"],
  ["result of read_file", "result of tools/call read_file", "result of tools/call read_file"],
  ["sampling from server", "sampling/createMessage from server", "sampling/createMessage"],
  ["server files", "tool * on files", "tool * on files"],
  ["tools/call: read_file", "tools/call read_file", "tools/call"],
];

const CONDITIONS: readonly Row[] = [
  ["with force = True", "with force = true", "true"],
  ["with force = FALSE", "with force = false", "false"],
  ["with force is True", "with force true", "force true"],
  ["with currency = None", "with currency = null", "null"],
  ["with currency = undefined", "without currency", "without currency"],
  ["with currency is null", "without currency", "without currency"],
  ["with currency is Null", "with currency = null", "with currency = null"],
  ["with currency is not null", "with currency and currency != null", "with currency and currency != null"],
  ["with amount > 10k", "with amount > 10000", "10000"],
  ["with $.amount > 10", "with amount > 10", "amount"],
  ["with amount > 1_000", "with amount > 1000", "1000"],
  ["with amount > 1,000", "with amount > 1000", "1000"],
  ["with amount > 1,500,000.5", "with amount > 1500000.5", "1500000.5"],
  ["with amount > 10 and < 20", "with amount > 10 and amount < 20", "and amount < 20"],
  ["with amount => 10", "with amount >= 10", "amount >= 10"],
  ["with amount <> 10", "with amount != 10", "amount != 10"],
  ["with amount between 10 and 20", "with amount >= 10 and amount <= 20", "amount >= 10 and amount <= 20"],
  ['with sql like "%DROP%"', 'with sql "**DROP**"', 'sql "**DROP**"'],
  ["with sql matches /DROP/i", "with sql /DROP/i", "sql /DROP/i"],
  ["with sql = /DROP/i", "with sql /DROP/i", "sql /DROP/i"],
  ["with sql != /DROP/i", "except with sql /DROP/i", "except with sql /DROP/i"],
  ['with currency = "EUR" | "USD"', 'with currency "EUR" | "USD"', 'currency "EUR" | "USD"'],
  ['with currency != "EUR" | "USD"', 'except with currency "EUR" | "USD"', 'except with currency "EUR" | "USD"'],
  [
    'with path "/srv/**" | !"/srv/secret/**"',
    'with path "/srv/**" except with path "/srv/secret/**"',
    'except with path "/srv/secret/**"',
  ],
  ['with path !"/srv/**"', 'except with path "/srv/**"', 'except with path "/srv/**"'],
  ['except with path !"/srv/**"', 'with path "/srv/**"', 'with path "/srv/**"'],
  ['without path "/srv/**"', 'except with path "/srv/**"', 'except with path "/srv/**"'],
  ['without path = "/srv"', 'except with path = "/srv"', 'except with path = "/srv"'],
  ['except without path "/srv/**"', 'with path "/srv/**"', 'with path "/srv/**"'],
  ["with items.0.price > 10", "with items[0].price > 10", "items[0].price"],
  ["with items.0.price > 9", "with items[*].price > 9", "items[*].price"],
  ['with path: "/srv/**"', 'with path "/srv/**"', 'with path "/srv/**"'],
  ["on: files", "on files", "on files"],
  ['with kind in "a"', 'with kind "a"', 'kind "a"'],
  ["where (!$exists(limit))", "where ($not($exists(limit)))", "($not($exists(limit)))"],
  ['where (kind not in ["a", "b"])', 'where ($not(kind in ["a", "b"]))', '($not(kind in ["a", "b"]))'],
  ['where (limit > 5 || kind = "x")', 'where (limit > 5 or kind = "x")', "or"],
];

const ACTIONS: readonly Row[] = [
  ["set limit = min(limit, 50)", "set limit = ($min([limit, 50]))", "($min([limit, 50]))"],
  ["set limit = Math.min(limit, 50)", "set limit = ($min([limit, 50]))", "($min([limit, 50]))"],
  ["set q = lowercase(q)", "set q = ($lowercase(q))", "($lowercase(q))"],
  ["limit = 50", "set limit = 50", "set limit = 50"],
  ["page_size = 50", "set page_size = 50", "set page_size = 50"],
  ["set limit: 50", "set limit = 50", "set limit = 50"],
  ["set limit = None", "set limit = null", "null"],
  ["limit 10 per 1M", "limit 10 per 1m", "1m"],
  ["limit 10 per 2min", "limit 10 per 2m", "2m"],
  ["limit 10 per 30 seconds", "limit 10 per 30s", "per 30s"],
  ['block with "No deletes"', 'block "No deletes"', 'block "No deletes"'],
  ['block because "No deletes"', 'block "No deletes"', 'block "No deletes"'],
  ['block: "No deletes"', 'block "No deletes"', 'block "No deletes"'],
  ['answer with "closed"', 'answer "closed"', 'answer "closed"'],
];

const STEPS: readonly Row[] = [
  ["send tool delete_x {} on files", "send tools/call delete_x {} on files", "send tools/call delete_x {} on files"],
  [
    "send tools/call x {} on s expect hidden x",
    "send tools/call x {} on s expect hidden tool x",
    "expect hidden tool x",
  ],
  [
    'send tools/call {"name": "delete_x", "arguments": {"id": 4}} on files',
    'send tools/call delete_x {"id":4} on files',
    'send tools/call delete_x {"id":4}',
  ],
  [
    'send resources/read {"uri": "file:///etc/hosts"} on files',
    'send resources/read "file:///etc/hosts" on files',
    'send resources/read "file:///etc/hosts"',
  ],
  [
    'send tools/call x {"a": "EUR"} on s expect params.arguments.a = "EUR" | "USD"',
    'send tools/call x {"a": "EUR"} on s expect params.arguments.a "EUR" | "USD"',
    'params.arguments.a "EUR" | "USD"',
  ],
  [
    "send tools/call x {} on s expect params.arguments.a not b",
    'send tools/call x {} on s expect params.arguments.a != "b"',
    'expect params.arguments.a != "b"',
  ],
  [
    'send tools/call x {} on s expect without params.arguments.a "b"',
    'send tools/call x {} on s expect params.arguments.a != "b"',
    'expect params.arguments.a != "b"',
  ],
];

describe("what the help says to write has no mistake", () => {
  test.each(titled(TARGETS))("when $written", ({ row }) => {
    expect(faultsOf(row, (part) => `rule r\n  when ${part}\n  log "x"`)).toEqual([]);
  });

  test.each(titled(CONDITIONS))("$written", ({ row }) => {
    expect(faultsOf(row, (part) => `rule r\n  when tools/call x\n  ${part}\n  log "x"`)).toEqual([]);
  });

  test.each(titled(ACTIONS))("$written", ({ row }) => {
    expect(faultsOf(row, (part) => `rule r\n  when tools/call x\n  ${part}`)).toEqual([]);
  });

  test.each(titled(STEPS))("$written", ({ row }) => {
    expect(faultsOf(row, (part) => `test "t"\n  ${part}\n  expect allow`)).toEqual([]);
  });

  test("let bad = a_* or b_*", () => {
    const row: Row = ["a_* or b_*", "a_* | b_*", "a_* | b_*"];
    expect(faultsOf(row, (part) => `let bad = ${part}\nrule r when tool $bad block`)).toEqual([]);
  });
});

function titled(rows: readonly Row[]): readonly { readonly written: string; readonly row: Row }[] {
  return rows.map((row) => ({ written: row[0], row }));
}

function faultsOf([written, corrected, ...said]: Row, itemsWith: (part: string) => string): readonly string[] {
  const helps = mistakesIn(itemsWith(written)).map(({ help = "" }) => help);
  const unsaid = said.filter((part) => helps[0]?.includes(`\`${part}\``) !== true || !corrected.includes(part));
  return [
    ...(helps.length === 1 ? [] : [`${String(helps.length)} mistakes in \`${written}\``]),
    ...unsaid.map((part) => `\`${part}\` is not said: ${helps.join("; ")}`),
    ...mistakesIn(itemsWith(corrected)).map(({ message }) => `in \`${corrected}\`: ${message}`),
  ];
}

function mistakesIn(items: string): readonly Diagnostic[] {
  const files = [{ path: "x.mcprules", text: `mcprules 1\ndefault allow\n${items}\n` }];
  return atOnce(checkPolicy(files, { now: NOW })).diagnostics.filter(({ severity }) => severity === "error");
}
