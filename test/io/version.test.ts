// The version the proxy tells is the one of the package.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { VERSION } from "../../src/io/version.ts";

test("it is the one in package.json", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };
  expect(VERSION).toBe(manifest.version);
});
