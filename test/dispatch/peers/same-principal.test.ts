// Clients that are the same to every rule have one object for it, and no others.
import { expect, test } from "vitest";
import { isSamePrincipal, Principals } from "../../../src/dispatch/peers/same-principal.ts";
import type { Principal } from "../../../src/engine/facts.ts";

const client = { name: "n", version: "1", title: "t" };
const user = { id: "u", groups: ["g"], claims: { sub: "u" } };
const one = (): Principal => ({ client: { ...client }, user: { ...user }, profile: "p", languages: ["de"] });

const OTHERS: readonly [string, Principal][] = [
  ["no client", { ...one(), client: undefined }],
  ["another name", { ...one(), client: { ...client, name: "m" } }],
  ["another version", { ...one(), client: { ...client, version: "2" } }],
  ["no title", { ...one(), client: { name: "n", version: "1" } }],
  ["nobody who logged in", { ...one(), user: undefined }],
  ["another user", { ...one(), user: { ...user, id: "v" } }],
  ["no groups", { ...one(), user: { ...user, groups: undefined } }],
  ["other claims", { ...one(), user: { ...user, claims: { sub: "u", level: 2 } } }],
  ["another profile", { ...one(), profile: undefined }],
  ["other languages", { ...one(), languages: ["de", "fr"] }],
  ["no languages", { client, user, profile: "p" }],
];

test("who says the same in every way is the same", () => {
  const principals = new Principals();
  const first = principals.one(one());
  expect(principals.one(one())).toBe(first);
});

test.each(OTHERS)("with %s it is somebody else", (_what, other) => {
  const principals = new Principals();
  principals.one(one());
  expect(principals.one(other)).toBe(other);
  expect(isSamePrincipal(one(), other)).toBe(false);
  expect(isSamePrincipal(other, one())).toBe(false);
});
