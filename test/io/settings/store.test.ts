// The section `store` of the settings: what comes of it, and what is refused, with its place and without the password.
import { describe, expect, test } from "vitest";
import { parseSettings } from "../../../src/io/settings/settings-file.ts";
import { renderProblems } from "../../../src/io/settings/problem.ts";
import { STORE_DEFAULTS } from "../../../src/io/store/store-settings.ts";

function parse(store: string) {
  const text = `{"mcpServers": {"a": {"command": "x"}}, "mcprules": {"store": ${store}}}`;
  return parseSettings("servers.json", text, { PASSWORD: "s3cr3t" });
}

test("needs nothing but to be there", () => {
  expect(parse("{}")).toMatchObject({ settings: { store: { ...STORE_DEFAULTS, server: undefined } } });
});

describe("an address is understood", () => {
  const plain = {
    host: "127.0.0.1",
    port: 6379,
    isEncrypted: false,
    database: 0,
    user: undefined,
    password: undefined,
  };
  test.each([
    ["redis://127.0.0.1", {}],
    ["redis://127.0.0.1:7000/", { port: 7000 }],
    ["redis://127.0.0.1/15", { database: 15 }],
    ["rediss://cache.example", { host: "cache.example", isEncrypted: true }],
    ["redis://[::1]:7000", { host: "::1", port: 7000 }],
    ["redis://:${PASSWORD}@127.0.0.1", { password: "s3cr3t" }],
    ["redis://ada:a%40b%2Fc@127.0.0.1", { user: "ada", password: "a@b/c" }],
    ["redis://ada:100%@127.0.0.1", { user: "ada", password: "100%" }],
  ])("%s", (url, expected) => {
    expect(parse(JSON.stringify({ url }))).toMatchObject({
      settings: { store: { server: { ...plain, ...expected } } },
    });
  });
});

describe("is refused", () => {
  test.each([
    ['{"url": "127.0.0.1:6379"}', "`url` must be an address"],
    ['{"url": "http://:s3cr3t@127.0.0.1"}', "`url` must be an address"],
    ['{"url": "redis://:s3cr3t@127.0.0.1/cache"}', "`url` must be an address"],
    ['{"url": "redis://:s3cr3t@127.0.0.1/0?db=3"}', "`url` must be an address"],
    ['{"url": "redis://:s3cr3t@127.0.0.1/0#x"}', "`url` must be an address"],
    ['{"url": "redis://"}', "`url` must be an address"],
    ['{"url": "redis://:${NOBODY}@127.0.0.1"}', "`NOBODY` is not set"],
    ['{"keyPrefix": "a b"}', "without spaces"],
    ['{"timeoutMs": 1}', "at least 10"],
    ['{"valueBytes": 1}', "at least 1024"],
    ['{"memoryBytes": 1}', "at least 65536"],
    ['{"host": "127.0.0.1"}', "known here"],
  ])("%s", (store, message) => {
    const reading = parse(store);
    const said = reading.kind === "problems" ? renderProblems(reading.problems) : "none";
    expect(said).toContain(message);
    expect(said).toContain("mcprules.store");
    expect(said).not.toContain("s3cr3t");
  });
});
