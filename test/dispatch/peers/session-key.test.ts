// Who talks, where nobody logged in: told apart by connection, and over HTTP in the modern era not at all.
import { expect, test } from "vitest";
import type { Era } from "../../../src/mcp/methods.ts";
import { isOneOfMany, sessionKey } from "../../../src/dispatch/peers/session-key.ts";

interface Who {
  readonly id?: string;
  readonly boot?: string;
  readonly era?: Era | undefined;
  readonly user?: string;
  readonly issuer?: string;
  readonly profile?: string;
  readonly hasStreams?: boolean;
}

function talking({ id = "c1", boot = "b", era, user, issuer = "https://x", profile, hasStreams = false }: Who) {
  const whole = user === undefined ? undefined : { id: user, groups: undefined, claims: { iss: issuer } };
  return { id, known: { boot }, era, principal: { client: undefined, user: whole, profile }, hasStreams };
}

function keyOf(who: Who): string {
  return sessionKey(talking(who), (text) => text);
}

const HTTP: Who = { era: "modern", hasStreams: true };

test.each<readonly [string, Who, boolean]>([
  ["who did not log in, over HTTP in the modern era", HTTP, true],
  ["who logged in", { ...HTTP, user: "u" }, false],
  ["who is alone on a connection", { era: "modern" }, false],
  ["who has a session", { era: "legacy", hasStreams: true }, false],
])("%s: one of many or not", (_what, who, isOne) => {
  expect(isOneOfMany(talking(who))).toBe(isOne);
});

test.each<readonly [string, Who, Who, boolean]>([
  ["a connection and itself", {}, {}, true],
  ["two connections", {}, { id: "c2" }, false],
  ["the same connection of another run", {}, { boot: "b2" }, false],
  ["two connections of one user in the legacy era", { user: "u" }, { id: "c2", user: "u" }, false],
  ["two profiles", {}, { profile: "ops" }, false],
  ["two connections of the modern era over stdio", { era: "modern" }, { era: "modern", id: "c2" }, false],
  ["two callers of the modern era over HTTP who did not log in", HTTP, { ...HTTP, id: "c2" }, true],
  ["the same user of the modern era over HTTP", { ...HTTP, user: "u" }, { ...HTTP, id: "c2", user: "u" }, true],
  ["two users of the modern era over HTTP", { ...HTTP, user: "u" }, { ...HTTP, user: "v" }, false],
  [
    "users of one name whom two issuers know",
    { ...HTTP, user: "u" },
    { ...HTTP, user: "u", issuer: "https://y" },
    false,
  ],
  ["a user and nobody", { ...HTTP, user: "u" }, HTTP, false],
])("%s: the same or not", (_what, one, other, isSame) => {
  expect(keyOf(one) === keyOf(other)).toBe(isSame);
});
