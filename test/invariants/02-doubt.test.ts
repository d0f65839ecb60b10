// Invariant 2: doubt never widens access.
import { describe, expect, test } from "vitest";
import type { EvaluationAnswer } from "../../src/expression/jsonata/evaluation.ts";
import { createDispatcher } from "../../src/dispatch/dispatcher.ts";
import { createPolicyStore } from "../../src/engine/policy-store.ts";
import type { JsonValue } from "../../src/mcp/json.ts";
import { asked, Stage } from "../dispatch/stage.ts";
import { call, decision, revisionOf } from "../engine/policy.ts";
import { call as callLine } from "../tool-call.ts";
import { toServers } from "./lines.ts";

const PATHS = [
  "/etc/passwd",
  "/ETC/passwd",
  "//etc//passwd",
  "/./etc/passwd",
  "/x/../etc/passwd",
  "/etc/passwd/",
  "/etc/.",
  "/%65tc/passwd",
  "/%2565tc/passwd",
  "%2fetc%2fpasswd",
  "/..%2fetc/passwd",
  "/%C0%AFetc",
  "/etc%00/passwd",
  "\\etc\\passwd",
  "file:///etc/passwd",
  "FILE:/etc/passwd",
  "file:etc/passwd",
  "file://elsewhere/etc/passwd",
  " /etc/passwd",
  "/etc/passwd\u00a0",
  "\t/etc/passwd",
  "/etc\u0000/passwd",
  " file:///etc/passwd",
  "../etc/passwd",
  "~/../../etc/passwd",
  "/work/../etc/passwd",
];
const ODD: readonly JsonValue[] = [
  ["/etc/passwd"],
  [["/etc/passwd"]],
  ["/tmp", "/etc/x"],
  { 0: "/etc/x" },
  7,
  true,
  null,
];

describe("a fence of paths", () => {
  const blocks = revisionOf('default allow\nrule no when tools/call * with path "/etc/**" block');
  const allows = revisionOf('default block\nrule yes when tools/call * with path "/projects/**" allow');
  const fences = revisionOf('default allow\nrule no when tools/call * except with path "/projects/**" block');

  test.each([...PATHS, ...ODD].map((path) => [path]))("holds against %j", (path) => {
    const verdicts = [blocks, allows, fences].map((revision) => decision(revision, call("read", { path })).verdict);
    expect(verdicts).toEqual(["block", "block", "block"]);
  });

  test("lets through what it is meant to", () => {
    const path = "/projects/a";
    const verdicts = [blocks, allows, fences].map((revision) => decision(revision, call("read", { path })).verdict);
    expect(verdicts).toEqual(["allow", "allow", "allow"]);
  });

  test.each(["/srv/x", " file:///srv/x", "file:srv/x", "fi\tle:///srv/x", "file:///SRV/%78", "\\srv\\x", "%2fsrv/x"])(
    "holds for the resource %j",
    (uri) => {
      const servers = { a: { resources: [{ uri: "file:///tmp/x", name: "x" }] } };
      const stage = Stage.open({ policy: 'default allow\nrule no when resource "file:///srv/**" block', servers });
      expect(toServers(stage.client({ id: 1, method: "resources/read", params: { uri } }))).toEqual([]);
    },
  );
});

describe("an expression that gives no answer", () => {
  const NO_ANSWER: readonly EvaluationAnswer[] = [
    { kind: "failed", reason: "it took too long" },
    { kind: "value", value: undefined },
  ];
  const RULES: readonly (readonly [string, string, number])[] = [
    [`default allow\nrule r when tools/call * ${asked("x")} block`, "blocks what it might block", 0],
    [`default block\nrule r when tools/call * ${asked("x")} allow`, "allows nothing", 0],
    [`default allow\nrule r when tools/call * ${asked("x")} set a = 1`, "lets no message go unchanged", 0],
    [`default allow\nrule r when tools/call * ${asked("x")} answer "here"`, "answers in the server's place", 0],
    [`default allow\nrule r when tools/call * except ${asked("x")} block`, "makes no exception", 0],
    [`default allow\nrule r when tools/call * ${asked("x")} redact "secret"`, "masks", 1],
  ];
  const CASES = RULES.flatMap(([policy, what, count]) => NO_ANSWER.map((answer) => ({ policy, what, count, answer })));

  test.each(CASES)("$what ($answer.kind)", ({ policy, count, answer }) => {
    const stage = Stage.open({ policy });
    expect(stage.client(callLine(7, { text: "a secret" }))).toEqual([]);
    const need = stage.others.find((command) => command.kind === "answer-need");
    const said = stage.happen({ kind: "need-answered", need: need?.need ?? 0, answer: { kind: "evaluate", answer } });
    expect(toServers(said)).toHaveLength(count);
    expect(JSON.stringify(toServers(said))).not.toContain("secret");
  });
});

describe("a store that gives no answer", () => {
  const FAILED = { kind: "failed", reason: "it is gone" } as const;
  const READS = "rule stop when tools/call echo with tags seen block";

  test.each<readonly [string, string, number]>([
    ["counts nothing, so nothing goes on", "rule r when tools/call * limit 9 per 1m", 0],
    ["nor where it would be asked about", 'rule r when tools/call * limit 9 per 1m else ask "more?"', 0],
    ["nor where it would be answered", 'rule r when tools/call * limit 9 per 1m else answer "later"', 0],
    ["cannot say that there is no tag", `${READS}\nrule r when tools/call other tag seen for 1h by ("all")`, 0],
    [
      "cannot keep a tag that is read",
      `rule r when tools/call echo tag seen for 1h by ("all")\nrule stop when tools/call other with tags seen block`,
      0,
    ],
    ["keeps nobody from asking the server", "rule r when tools/call * cache for 1m", 1],
    ["is none where the rule says so", "rule r fails open when tools/call * limit 9 per 1m", 1],
  ])("%s", (_what, rules, count) => {
    const stage = Stage.open({ policy: `default allow\n${rules}` });
    const said = [...stage.client(callLine(7))];
    for (let [asks] = stage.asked(); asks !== undefined; [asks] = stage.asked())
      said.push(
        ...stage.tell(asks.kind === "tags" ? { kind: "tags", answer: FAILED } : { kind: "store", answer: FAILED }),
      );
    expect(toServers(said)).toHaveLength(count);
    expect(said).toHaveLength(1);
  });
});

test("without a policy nothing reaches a server", () => {
  const options = {
    servers: [{ name: "a", root: undefined, home: undefined, transport: "stdio" as const, era: "legacy" as const }],
    naming: "plain" as const,
    names: undefined,
    limits: { depth: 64, inFlight: 100 },
    proxy: { name: "mcprules", version: "1" },
    seal: { seal: (plain: string) => plain, open: () => undefined, digest: (text: string) => text },
    token: () => "token",
  };
  const dispatcher = createDispatcher(options, createPolicyStore());
  const lines = [
    { id: 1, method: "initialize", params: { protocolVersion: "2025-11-25", capabilities: {} } },
    { method: "notifications/initialized" },
    callLine(2),
    { id: 3, method: "acme/x" },
  ];
  const said = [
    ...dispatcher.handle({ kind: "client-opened", client: "c", user: undefined, profile: undefined }, 0),
    ...dispatcher.handle({ kind: "server-opened", client: "c", server: "a" }, 0),
    ...lines.flatMap((line) =>
      dispatcher.handle(
        { kind: "client-message", client: "c", bytes: Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...line })) },
        0,
      ),
    ),
  ];
  expect(said.filter(({ kind }) => kind === "to-server")).toEqual([]);
  expect(said.some(({ kind }) => kind === "to-client")).toBe(true);
});
