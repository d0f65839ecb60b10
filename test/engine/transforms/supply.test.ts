// Arguments that the policy supplies: neither seen nor set by the client, and secret on the way back.
import { describe, expect, it } from "vitest";
import { reviewCatalogue } from "../../../src/engine/catalogue/catalogue.ts";
import type { ReviewedThing, Surroundings } from "../../../src/engine/facts.ts";
import type { Revision } from "../../../src/engine/policy-store.ts";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import { call, decision, finish, NOBODY, NOW, NOWHERE, result, revisionOf, texts, user } from "../policy.ts";

const SEARCH: JsonObject = {
  name: "search",
  inputSchema: {
    type: "object",
    properties: { q: { type: "string" }, tenant: { type: "string" } },
    required: ["tenant"],
  },
};

/** Enough of a validator to see what it is asked. */
function noExtras(schema: JsonObject, value: JsonValue): string | undefined {
  const { properties = {} } = schema;
  const extra = Object.keys(value as JsonObject).find((key) => !Object.hasOwn(properties as JsonObject, key));
  return extra === undefined ? undefined : `must not have ${extra}`;
}

function thingOf(revision: Revision): ReviewedThing | undefined {
  const catalogue = {
    server: "files",
    kind: "tool",
    definitions: [SEARCH],
    principal: NOBODY,
    now: NOW,
    root: undefined,
    home: undefined,
  } as const;
  return finish(reviewCatalogue(revision, catalogue)).things[0];
}

function at(revision: Revision): Surroundings {
  return { ...NOWHERE, thing: thingOf(revision) };
}

const TENANT = "default allow rule s when tool search supply tenant = user.claims.tenant";
const ANN = { principal: user("ann", [], { tenant: "acme-1234" }) };

describe("supply", () => {
  it("writes its value last, whatever the client sent there", () => {
    const revision = revisionOf(`${TENANT} rule late when tools/call search set tenant = "mine"`, noExtras);
    const { verdict, content, record, secrets } = decision(
      revision,
      call("search", { q: "x", tenant: "evil" }, ANN),
      at(revision),
    );
    expect(verdict).toBe("allow");
    expect(content).toEqual({ params: { name: "search", arguments: { q: "x", tenant: "acme-1234" } } });
    expect(secrets).toEqual(["acme-1234"]);
    expect(record.changedBy).toContain("s");
  });

  it("drops what the client sent before any rule can see it", () => {
    const revision = revisionOf(`${TENANT} rule no when tools/call search with tenant evil block`, noExtras);
    expect(decision(revision, call("search", { tenant: "evil" }, ANN), at(revision)).verdict).toBe("allow");
  });

  it("is judged like any other argument", () => {
    const revision = revisionOf(`${TENANT} rule no when tools/call search with tenant "acme-*" block`, noExtras);
    expect(decision(revision, call("search", {}, ANN), at(revision)).rule).toBe("no");
  });

  it("refuses the call when the value is nothing, or when two rules differ", () => {
    const revision = revisionOf(TENANT, noExtras);
    expect(decision(revision, call("search", {}, { principal: user("ann") }), at(revision))).toMatchObject({
      verdict: "block",
      code: 5000,
      rule: "s",
    });
    const two = revisionOf(
      'default allow rule s when tool search supply tenant = "one1" rule u when tool search for user ann supply tenant = "two2"',
      noExtras,
    );
    expect(decision(two, call("search", {}, ANN), at(two))).toMatchObject({ verdict: "block", code: 5000, rule: "u" });
    expect(decision(two, call("search", {}), at(two)).verdict).toBe("allow");
  });

  it("refuses arguments that do not fit the schema that is shown", () => {
    const revision = revisionOf(TENANT, noExtras);
    const { verdict, code, reason, rule } = decision(revision, call("search", { other: 1 }, ANN), at(revision));
    expect({ verdict, code, rule }).toEqual({ verdict: "block", code: 4030, rule: "s" });
    expect(reason).toBe("The arguments do not fit: must not have other");
    const unchecked = revisionOf(TENANT);
    expect(decision(unchecked, call("search", {}, ANN), at(unchecked)).verdict).toBe("block");
  });

  it("masks its value in reasons, logs, records, the request of the reply, and what goes back", () => {
    const policy = `${TENANT}
      rule no when tools/call search with q secret block "not {tenant}"
      rule note when tools/call search log "{tenant}"
      rule back when result of tools/call search with request.params.arguments.tenant "acme*" block`;
    const revision = revisionOf(policy, noExtras);
    const refused = decision(revision, call("search", { q: "secret" }, ANN), at(revision));
    expect(JSON.stringify([refused.reason, refused.logs, refused.record])).not.toContain("acme");
    const { content, secrets } = decision(revision, call("search", { q: "x" }, ANN), at(revision));
    const reply = result("tools/call", texts('{"tenant":"acme-1234"}', "of acme-1234."), "search", ANN);
    const request = { method: "tools/call", ...content };
    const answered = decision(revision, reply, { ...at(revision), request, secrets });
    expect(answered.verdict).toBe("allow");
    expect(JSON.stringify(answered.content)).not.toContain("acme");
  });
});
