// What a catalogue shows under small policies: listed, hidden, changed, and why.
import { describe, expect, it } from "vitest";
import { reviewCatalogue, type Catalogue, type CatalogueReview } from "../../../src/engine/catalogue/catalogue.ts";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import {
  call,
  decision,
  finish,
  NOBODY,
  NOW,
  NOWHERE,
  revisionOf,
  settingRule,
  uncheckedRevision,
  user,
} from "../policy.ts";

const READ: JsonObject = {
  name: "read_file",
  description: "Reads a file. Then more.",
  annotations: { readOnlyHint: true },
  inputSchema: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
};
const WRITE: JsonObject = {
  name: "write_file",
  description: "Writes k1 somewhere.",
  inputSchema: {
    type: "object",
    properties: { path: { type: "string" }, tenant: { type: "string" } },
    required: ["path", "tenant"],
  },
};

function catalogue(definitions: readonly JsonObject[], other: Partial<Catalogue> = {}): Catalogue {
  return {
    server: "files",
    kind: "tool",
    definitions,
    principal: NOBODY,
    now: NOW,
    root: undefined,
    home: undefined,
    ...other,
  };
}

function review(policy: string, other: Partial<Catalogue> = {}, definitions = [READ, WRITE]): CatalogueReview {
  return finish(reviewCatalogue(revisionOf(policy), catalogue(definitions, other)));
}

function shown({ things }: CatalogueReview): readonly string[] {
  return things.map(({ own, listed, hiddenBy }) => (listed ? own : `-${own} ${hiddenBy ?? "?"}`));
}

describe("what is listed", () => {
  it.each<readonly [string, string, readonly string[]]>([
    ["everything", "default allow", ["read_file", "write_file"]],
    ["nothing by default", "default block", ["-read_file default", "-write_file default"]],
    [
      "what a rule allows",
      "default allow default block when tool * rule r when tool read_* allow",
      ["read_file", "-write_file default"],
    ],
    [
      "not what a rule on the thing blocks",
      "default allow rule r when tool write_* block",
      ["read_file", "-write_file r"],
    ],
    [
      "not what a rule on the call blocks",
      "default allow rule r when tools/call write_* block",
      ["read_file", "-write_file r"],
    ],
    [
      "not what any request of this kind meets",
      "default allow rule r when request on files block",
      ["-read_file r", "-write_file r"],
    ],
    [
      "what is blocked only for its body",
      'default allow rule r when tools/call * with path "/x" block',
      ["read_file", "write_file"],
    ],
    [
      "what is allowed only for its body",
      'default block rule r when tools/call read_* with path "/x" allow',
      ["read_file", "-write_file default"],
    ],
    [
      "what is blocked but for an exception in the body",
      'default allow rule r when tools/call * except with path "/x" block',
      ["read_file", "write_file"],
    ],
    [
      "not what its definition forbids",
      "default allow rule r when tool * with annotations.readOnlyHint = false block",
      ["read_file", "-write_file r"],
    ],
    [
      "by MCP's default hints",
      "default block rule r when tool * with annotations.destructiveHint = false allow",
      ["read_file", "-write_file default"],
    ],
    [
      "by the text of a definition",
      "default allow rule r when tool * with description /k\\d/ block",
      ["read_file", "-write_file r"],
    ],
    ["in shadow everything", "default allow rule r in shadow when tool * block", ["read_file", "write_file"]],
    ["what can be answered", 'default allow rule r when tool * answer "x"', ["read_file", "write_file"]],
    [
      "nothing of a list that is blocked",
      "default allow rule r when result of tools/list block",
      ["-read_file r", "-write_file r"],
    ],
    [
      "not what a list rule drops",
      "default allow rule r when result of tools/list remove tools[1]",
      ["read_file", "-write_file r"],
    ],
    [
      "what a block no longer hides",
      'default allow rule r when tool * block exception e to r until "2026-12-01" when tool read_*',
      ["read_file", "-write_file r"],
    ],
    [
      "what an exception leaves in doubt",
      'default allow rule r when tool * block exception e to r until "2026-12-01" when tools/call read_* with path "/x"',
      ["read_file", "-write_file r"],
    ],
    ["another server's", "default allow rule r when tool * on github block", ["read_file", "write_file"]],
  ])("%s", (_, policy, expected) => {
    expect(shown(review(policy))).toEqual(expected);
  });

  it("depends on the caller, and a group that nobody knows hides", () => {
    const policy = "default block rule r when tool * for group staff allow";
    expect(shown(review(policy, { principal: user("a", ["staff"]) }))).toEqual(["read_file", "write_file"]);
    expect(shown(review(policy, { principal: user("a", "unknown") }))).toEqual([
      "-read_file default",
      "-write_file default",
    ]);
  });

  it("leaves out and reports names that come twice, and entries without one", () => {
    const { things, problems } = review("default allow", {}, [READ, { title: "x" }, { ...READ, description: "other" }]);
    expect(things.map(({ definition }) => definition)).toEqual([READ]);
    expect(problems).toEqual([
      "files lists a tool without a name",
      "files lists the tool `read_file` twice: the first one counts",
    ]);
  });

  it("reviews prompts, resources and templates by what identifies them", () => {
    const policy = `default allow
      rule p when prompt secret_* block
      rule r when resource "file:///etc/**" block`;
    const uris = ["file:///etc/passwd", "file:///srv/a", "file:///srv/../etc/x"];
    const listed = review(
      policy,
      { kind: "resource" },
      uris.map((uri) => ({ uri, name: "n" })),
    );
    expect(shown(listed)).toEqual(["-file:///etc/passwd r", "file:///srv/a", "-file:///srv/../etc/x r"]);
    expect(shown(review(policy, { kind: "prompt" }, [{ name: "secret_a" }, { name: "a" }]))).toEqual([
      "-secret_a p",
      "a",
    ]);
    expect(shown(review("default block", { kind: "template" }, [{ uriTemplate: "file:///{a}", name: "n" }]))).toEqual([
      "-file:///{a} default",
    ]);
  });
});

describe("what is changed", () => {
  it("changes definitions by rules on the thing and on the list, in the order written", () => {
    const { things, records } = review(`default allow
      rule a when tool read_* set title = "A"
      rule b when result of tools/list set tools[0].title = "B"
      rule c when tool read_* with title B set description = "short"`);
    expect(things[0]?.definition).toEqual({ ...READ, title: "B", description: "short" });
    expect(things[0]?.changed).toBe(true);
    expect(things[1]?.definition).toBe(WRITE);
    expect(things[1]?.changed).toBe(false);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      kind: "catalogue",
      name: "read_file",
      verdict: "allow",
      changedBy: ["a", "b", "c"],
    });
  });

  it.each<readonly [string, string, string, JsonValue]>([
    ["a rule on the thing", "tool read_*", "name", "other"],
    ["a rule on the list", "result of tools/list", "tools[0].name", "other"],
    ["a rule that adds an entry", "result of tools/list", "tools", [READ, WRITE, { ...READ, name: "new" }]],
    ["a rule that changes their order", "result of tools/list", "tools", [WRITE, READ]],
  ])("hides what %s would identify anew", (_, target, path, value) => {
    const revision = uncheckedRevision(`default allow rule r when ${target} set title = 1`, settingRule(path, value));
    const outcome = finish(reviewCatalogue(revision, catalogue([READ, WRITE])));
    expect(shown(outcome)[0]).toBe("-read_file r");
    expect(outcome.problems[0]).toContain("is hidden: r failed");
  });

  it("masks definitions wherever something matches, and hides what cannot be masked", () => {
    const listed = review(`default allow rule r when message from server redact /k\\d/ as "*"`, {}, [
      WRITE,
      { ...READ, name: "k2" },
    ]);
    expect(listed.things[0]?.definition).toEqual({ ...WRITE, description: "Writes * somewhere." });
    expect(shown(listed)).toEqual(["write_file", "-k2 r"]);
    expect(JSON.stringify([listed.records, listed.problems])).not.toMatch(/k\d/);
  });

  it("skips a rule that fails open", () => {
    const revision = uncheckedRevision(
      "default allow rule r fails open when tool read_* set title = 1",
      settingRule("description.x", 1),
    );
    const listed = finish(reviewCatalogue(revision, catalogue([READ, WRITE])));
    expect(shown(listed)).toEqual(["read_file", "write_file"]);
    expect(listed.records[0]?.failedOpen).toEqual(["r"]);
  });

  it("logs what a rule changed", () => {
    const { logs } = review(`default allow rule r when tool read_* set title = "A" log "{name} is {title}"`);
    expect(logs).toMatchObject([{ level: "info", rule: "r", text: "read_file is A", name: "read_file" }]);
  });

  it("takes a supplied argument out of the schema, and says that it has to fit now", () => {
    const { things } = review(`default allow rule s when tool write_* supply tenant = "t-1"`);
    expect(things[1]?.definition["inputSchema"]).toEqual({
      type: "object",
      properties: { path: { type: "string" } },
      required: ["path"],
    });
    expect(things[1]).toMatchObject({ schemaChanged: true, schemaChangedBy: "s" });
    expect(things[0]?.schemaChanged).toBe(false);
  });
});

describe("a thing that is called", () => {
  const POLICY = `default block
    rule safe when tool * with annotations.readOnlyHint = true allow
    rule note when tool * with description /k\\d/ log "named"`;
  const revision = revisionOf(POLICY);
  const { things } = finish(reviewCatalogue(revision, catalogue([READ, WRITE])));

  it("is judged by what the review said of its definition", () => {
    const [read, write] = things;
    expect(decision(revision, call("read_file"), { ...NOWHERE, thing: read }).verdict).toBe("allow");
    const decided = decision(revision, call("write_file"), { ...NOWHERE, thing: write });
    expect(decided.verdict).toBe("block");
    expect(decided.logs).toHaveLength(1);
  });

  it("is judged anew where the review said nothing", () => {
    const read = things[0] && { ...things[0], truths: new Map<number, "yes">() };
    expect(decision(revision, call("read_file"), { ...NOWHERE, thing: read }).verdict).toBe("allow");
  });

  it("is in doubt where nobody knows its definition", () => {
    expect(decision(revision, call("read_file")).verdict).toBe("block");
    expect(decision(revisionOf("default allow rule r when tool * with title x block"), call("t")).verdict).toBe(
      "block",
    );
  });
});
