// Who talks, where nobody logged in: told apart by connection, and over HTTP in the modern era not at all.
import { expect, test } from "vitest";
import type { Era } from "../../src/mcp/methods.ts";
import { sessionKey } from "../../src/dispatch/session-key.ts";

interface Who {
  readonly id?: string;
  readonly boot?: string;
  readonly era?: Era | undefined;
  readonly user?: string;
  readonly issuer?: string;
  readonly profile?: string;
  readonly hasStreams?: boolean;
}

function keyOf({ id = "c1", boot = "b", era, user, issuer = "https://x", profile, hasStreams = false }: Who): string {
  const known = user === undefined ? undefined : { id: user, groups: undefined, claims: { iss: issuer } };
  const principal = { client: undefined, user: known, profile };
  return sessionKey({ id, boot, era, principal, hasStreams }, (text) => text);
}

const HTTP: Who = { era: "modern", hasStreams: true };

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
