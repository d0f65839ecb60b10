// The rules folder as a module of gateways that ask only one of the two, or tell no more than they must.
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { ask, call, invocation, serveRules } from "./served-rules.ts";

describe("the rules as a module", () => {
  it.each<readonly [string, string, JsonObject]>([
    ["refuse", "", { valid: false, messages: [{ message: "The policy could not be applied (scanned)." }] }],
    ["let pass where its rule fails open", "fails open", { valid: true }],
    ["let pass what is only tried", "in shadow", { valid: true }],
  ])(
    "%s what a module would have to be asked about, whichever of the two is asked",
    async (_what, setting, expected) => {
      const { url } = await serveRules(`mcprules 1
default allow
rule scanned ${setting} when tools/call mail call scan set limit = 1
`);
      const answer = await ask(url, "interceptor/invoke", invocation("verdict", call("mail")));
      expect(answer).toMatchObject({ result: expected });
    },
  );

  it("mark what lasts of rules that change messages", async () => {
    const { url } = await serveRules(`mcprules 1
default allow
rule masks when result of tools/call * redact /AKIA[0-9A-Z]{16}/ tag seen for 1h by user
rule flow when tools/call mail with tags seen block
`);
    const send = (): Promise<JsonObject> => ask(url, "interceptor/invoke", invocation("verdict", call("mail")));
    const read = (text: string): Promise<JsonObject> => {
      const payload = { content: [{ type: "text", text }] };
      return ask(url, "interceptor/invoke", invocation("transform", payload, { phase: "response" }));
    };
    await read("plain");
    expect(await send()).toMatchObject({ result: { valid: true } });
    await read("AKIAABCDEFGH12345678");
    expect(await send()).toMatchObject({ result: { valid: false } });
  });

  describe("of a reply", () => {
    const TAGS = `mcprules 1
default allow
rule reads when tools/call read_* tag secret
rule keeps when result of tools/call * with tags secret block "secret"
`;
    const told = (name: string): JsonObject => ({ _meta: { "dev.mcprules/request": call(name) } });
    const CHANGES = "rule cut when tools/call * set limit = 1 tag secret\n";

    it.each<readonly [string, string, JsonObject, boolean]>([
      ["know the tags of the request that comes along", TAGS, told("read_x"), false],
      ["know that it has none", TAGS, told("other"), true],
      ["are in doubt where no request comes along", TAGS, {}, false],
      ["are in doubt where a request is tagged for what was changed in it", TAGS + CHANGES, told("other"), false],
      [
        "are in no doubt where no rule looks at tags",
        TAGS.replace("with tags secret", 'with content[0].text "x"'),
        {},
        true,
      ],
    ])("%s", async (_what, policy, more, valid) => {
      const { url } = await serveRules(policy);
      const payload = { content: [{ type: "text", text: "a" }] };
      const answer = await ask(
        url,
        "interceptor/invoke",
        invocation("verdict", payload, { phase: "response", ...more }),
      );
      expect(answer).toMatchObject({ result: { valid } });
    });
  });
});
