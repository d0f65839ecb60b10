// Whole messages for a log: masked by every `redact` there is, without what `supply` wrote, and not at all where that cannot be.
import { assert, dictionary, jsonValue, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { maskedContent, maskedId } from "../../../src/engine/telling/logged-message.ts";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import { revisionOf } from "../policy.ts";

const REVISION = revisionOf(`
  default allow
  rule mask when result of tools/call nothing redact /k[0-9]{2}/ as "*" redact "secret" as "***"
  rule trial in shadow when message redact "on trial" as "?"`);

const came: JsonObject = { params: { arguments: { a: "k42 on trial", b: "tenant-1" } } };

describe("a message for a log", () => {
  it("is masked by every rule of the policy, whatever the rule is about, and by those in shadow", () => {
    expect(maskedContent(REVISION, came, came, [])).toEqual({
      message: { params: { arguments: { a: "* ?", b: "tenant-1" } } },
    });
  });

  it("says what it became, where a rule changed it, without what was supplied", () => {
    const sent: JsonObject = { params: { arguments: { a: "k42", tenant: "tenant-1" } } };
    expect(maskedContent(REVISION, came, sent, ["tenant-1"])).toEqual({
      message: { params: { arguments: { a: "* ?", b: "***" } } },
      sent: { params: { arguments: { a: "*", tenant: "***" } } },
    });
  });

  it("is not there at all where it holds what must be masked and cannot be", () => {
    const unmaskable = revisionOf('default allow rule mask when message redact /k[0-9]/ as "*"');
    expect(maskedContent(unmaskable, { params: { k1: 1, k2: 2 } }, {}, [])).toBeUndefined();
  });

  it("has an id that is masked too", () => {
    expect(maskedId(REVISION, "7")).toBe(7);
    expect(maskedId(REVISION, '"k42-1"')).toBe("*-1");
    expect(maskedId(REVISION, undefined)).toBeUndefined();
  });

  it("holds nothing that a redact means, whatever it is", () => {
    assert(
      property(dictionary(jsonValue().map(String), jsonValue()), jsonValue(), (object, value) => {
        const content = JSON.parse(JSON.stringify({ params: { object, value, k: "k12" } })) as JsonObject;
        const logged: JsonValue = maskedContent(REVISION, content, content, [])?.message ?? null;
        expect(/k\d\d/.test(JSON.stringify([logged]))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});
