// The rows of the table C1 to C27 of SEP-2624 (August 2026): what a host offers and does, and what comes of it.
import type { ModuleCall } from "../../../src/engine/need.ts";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { mutator, type open, type Script, validator } from "../../io/modules/hosts.ts";

export interface Row {
  readonly list: readonly JsonObject[];
  readonly answers?: Script["answers"];
  readonly script?: Script;
  /** Of the module. */
  readonly settings?: JsonObject;
  readonly limits?: Parameters<typeof open>[1];
  readonly call?: Partial<ModuleCall>;
  readonly expected: object;
  /** In this order, and nobody else. */
  readonly invoked?: readonly string[];
}

const REJECTS = { result: { valid: false, severity: "error", messages: [{ message: "no" }] } };
const FAILS = { error: { code: -32_603 } };
const ON_RESULTS = { hooks: [{ events: ["tools/call"], phase: "response" }] };
export const PAYLOAD = { method: "tools/call", params: { name: "t", arguments: {} } };
const changed = (trail: string): object => ({
  kind: "changed",
  payload: { method: "tools/call", params: { name: "t", arguments: { trail } } },
});

const MUTATION = { type: "mutation" } as const;

export const TABLE: readonly (readonly [string, string, Row])[] = [
  [
    "C1",
    "a closed validator that fails blocks",
    { list: [validator("v")], answers: { v: FAILS }, expected: { kind: "failed", reason: "error" } },
  ],
  [
    "C2",
    "an open one passes",
    {
      list: [validator("v")],
      answers: { v: FAILS },
      settings: { failOpen: true },
      expected: { kind: "pass", used: [{ outcome: "failed" }] },
    },
  ],
  [
    "C3",
    "the failure of an audit passes",
    {
      list: [validator("v")],
      answers: { v: FAILS },
      settings: { mode: "audit" },
      expected: { kind: "pass", used: [{ outcome: "failed" }] },
    },
  ],
  [
    "C4",
    "a rejection blocks, also where failures do not",
    {
      list: [validator("v")],
      answers: { v: REJECTS },
      settings: { failOpen: true },
      expected: { kind: "rejected", messages: [{ message: "no" }] },
    },
  ],
  [
    "C5",
    "warnings and hints pass",
    {
      list: [validator("v"), validator("w")],
      answers: { v: { result: { valid: false, severity: "warn" } }, w: { result: { valid: false, severity: "info" } } },
      expected: { kind: "pass" },
    },
  ],
  [
    "C6",
    "the rejection of an audit passes, and is recorded",
    {
      list: [validator("v")],
      answers: { v: REJECTS },
      settings: { mode: "audit" },
      expected: { kind: "pass", used: [{ outcome: "rejected" }] },
    },
  ],
  [
    "C7",
    "a rejection without a severity is one of severity error",
    { list: [validator("v")], answers: { v: { result: { valid: false } } }, expected: { kind: "rejected" } },
  ],
  [
    "C8",
    "what is valid passes, of whatever severity",
    {
      list: [validator("v")],
      answers: { v: { result: { valid: true, severity: "error" } } },
      expected: { kind: "pass" },
    },
  ],
  [
    "C9",
    "a severity that nobody knows is error",
    {
      list: [validator("v")],
      answers: { v: { result: { valid: false, severity: "dire" } } },
      expected: { kind: "rejected" },
    },
  ],
  [
    "C10",
    "a closed mutator that fails on the way discards everything",
    {
      list: [mutator("a"), mutator("b"), mutator("c")],
      answers: { a: { append: "a" }, b: FAILS, c: { append: "c" } },
      call: MUTATION,
      expected: { kind: "failed", reason: "error" },
      invoked: ["a", "b"],
    },
  ],
  [
    "C11",
    "an open one goes on with what stands",
    {
      list: [mutator("a"), mutator("b"), mutator("c")],
      answers: { a: { append: "a" }, b: FAILS, c: { append: "c" } },
      settings: { failOpen: true },
      call: MUTATION,
      expected: changed("ac"),
      invoked: ["a", "b", "c"],
    },
  ],
  [
    "C12",
    "what an audit changes is recorded, and not applied",
    {
      list: [mutator("a")],
      answers: { a: { append: "a" } },
      call: { ...MUTATION, isShadow: true },
      expected: { kind: "pass", used: [{ outcome: "changed" }] },
    },
  ],
  [
    "C13",
    "`modified: false` with another payload is malformed",
    {
      list: [mutator("a")],
      answers: { a: { result: { modified: false, payload: { method: "tools/call", params: { name: "u" } } } } },
      call: MUTATION,
      expected: { kind: "failed", reason: "malformed" },
    },
  ],
  [
    "C14",
    "an answer to something else is malformed",
    {
      list: [validator("v")],
      answers: { v: { result: { interceptor: "w", valid: true } } },
      expected: { kind: "failed", reason: "malformed" },
    },
  ],
  [
    "C15",
    "an audit that is cancelled passes",
    {
      list: [validator("v")],
      answers: { v: { never: true } },
      settings: { mode: "audit", timeoutMs: 100 },
      expected: { kind: "pass", used: [{ outcome: "failed" }] },
    },
  ],
  [
    "C16",
    "the deadline of all calls is a failure of each that has not ended",
    {
      list: [mutator("a"), mutator("b")],
      answers: { a: { append: "a", sleepMs: 400 }, b: { append: "b" } },
      limits: { deadlineMs: 300 },
      call: MUTATION,
      expected: { kind: "failed", reason: "timeout" },
      invoked: ["a"],
    },
  ],
  [
    "C17",
    "equal priorities go by name, code point by code point",
    {
      list: [mutator("\u{1F600}"), mutator("\uFF5E"), mutator("z", { priorityHint: -1 })],
      answers: { "\u{1F600}": { append: "2" }, "\uFF5E": { append: "1" }, z: { append: "0" } },
      call: MUTATION,
      expected: changed("012"),
    },
  ],
  [
    "C18",
    "hooks that ask for more than is offered are refused",
    {
      list: [validator("v")],
      settings: { interceptors: { v: { type: "validation", hooks: [{ events: ["prompts/get"], phase: "request" }] } } },
      call: { event: "prompts/get" },
      expected: { kind: "failed", reason: "down" },
      invoked: [],
    },
  ],
  [
    "C19",
    "no mutator is called where validators that come first refuse",
    {
      list: [validator("v", ON_RESULTS), mutator("a", ON_RESULTS)],
      answers: { v: REJECTS, a: { append: "a" } },
      settings: { direction: "receiving" },
      call: { ...MUTATION, phase: "response", payload: { content: [] } },
      expected: { kind: "rejected" },
      invoked: ["v"],
    },
  ],
  [
    "C20",
    "nor where one of them fails",
    {
      list: [validator("v", ON_RESULTS), mutator("a", ON_RESULTS)],
      answers: { v: FAILS, a: { append: "a" } },
      settings: { direction: "receiving" },
      call: { ...MUTATION, phase: "response", payload: { content: [] } },
      expected: { kind: "failed" },
      invoked: ["v"],
    },
  ],
  [
    "C21",
    "one without hooks is never called",
    {
      list: [validator("v", { hooks: [] })],
      answers: { v: REJECTS },
      expected: { kind: "pass", used: [{ outcome: "none" }] },
      invoked: [],
    },
  ],
  [
    "C22",
    "all validators are asked, whatever one says",
    {
      list: [validator("v"), validator("w")],
      answers: { v: REJECTS, w: {} },
      settings: { serial: true },
      expected: { kind: "rejected" },
      invoked: ["v", "w"],
    },
  ],
  [
    "C23",
    "`*` can be narrowed",
    {
      list: [validator("v", { hooks: [{ events: ["*"], phase: "request" }] })],
      answers: { v: REJECTS },
      settings: { interceptors: { v: { type: "validation", hooks: [{ events: ["prompts/get"], phase: "request" }] } } },
      expected: { kind: "pass", used: [{ outcome: "none" }] },
      invoked: [],
    },
  ],
  [
    "C24",
    "one for other revisions of MCP is not called",
    {
      list: [validator("v", { compat: { minProtocol: "2026-07-28" } })],
      answers: { v: REJECTS },
      expected: { kind: "pass", used: [{ outcome: "none" }] },
      invoked: [],
    },
  ],
  [
    "C25",
    "where the list fails, a closed one that the settings name blocks",
    {
      list: [],
      script: { listError: -32_603 },
      settings: { interceptors: { v: { type: "validation" } } },
      expected: { kind: "failed", reason: "down" },
    },
  ],
  [
    "C26",
    "unknown types and modes are skipped",
    {
      list: [{ ...validator("x"), type: "oracle" }, validator("y", { mode: "loud" }), validator("v")],
      answers: { x: REJECTS, y: REJECTS },
      expected: { kind: "pass" },
      invoked: ["v"],
    },
  ],
  [
    "C27",
    "a connection that is lost is a failure, and nothing is asked twice",
    {
      list: [validator("v")],
      answers: { v: { dies: true } },
      expected: { kind: "failed", reason: "down" },
      invoked: ["v"],
    },
  ],
];
