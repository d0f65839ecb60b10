// Which faces a proxy shows, and that nobody gets what is outside of them.
import { describe, expect, test } from "vitest";
import { profilesFor } from "../../src/io/profiles.ts";
import { parseSettings } from "../../src/io/settings/settings-file.ts";
import type { Settings } from "../../src/io/settings/settings.ts";

function settings(profiles: object): Settings {
  const mcpServers = { a: { command: "x" }, b: { command: "x" }, c: { command: "x", disabled: true } };
  const text = JSON.stringify({ mcpServers, mcprules: { rules: ["all"], profiles } });
  const reading = parseSettings("/etc/proxy/servers.json", text, {});
  if (reading.kind === "problems") throw new Error(JSON.stringify(reading.problems));
  return reading.settings;
}

const TWO = settings({ dev: { servers: ["b", "c"], rules: ["dev"] }, all: {} });

function shown(chosen: ReturnType<typeof profilesFor>): unknown {
  if (chosen.kind === "refused") return chosen.report;
  return chosen.profiles.map(({ name, settings: { servers, rules } }) => [name, servers.map((one) => one.name), rules]);
}

test("a profile of which all servers are disabled is a mistake", () => {
  expect(() => settings({ dev: { servers: ["c"] } })).toThrow("the profile `dev` has no server that is enabled");
});

describe("without profiles", () => {
  const plain = settings({});
  test.each([true, false])("there is one face, without a name (for one client: %s)", (isForOne) => {
    expect(shown(profilesFor(plain, undefined, isForOne))).toEqual([[undefined, ["a", "b"], ["/etc/proxy/all"]]]);
  });

  test("there is none of any name", () => {
    expect(shown(profilesFor(plain, "dev", false))).toContain("the settings have none");
  });
});

describe("with profiles", () => {
  const dev = ["dev", ["b"], ["/etc/proxy/dev"]];

  test("many clients find each of them, and nothing else; a server that is disabled is in none", () => {
    expect(shown(profilesFor(TWO, undefined, false))).toEqual([dev, ["all", ["a", "b"], ["/etc/proxy/all"]]]);
  });

  test.each([true, false])("one that is named is the only one (for one client: %s)", (isForOne) => {
    expect(shown(profilesFor(TWO, "dev", isForOne))).toEqual([dev]);
  });

  test("one client does not get them all because nothing was said", () => {
    expect(shown(profilesFor(TWO, undefined, true))).toContain("`--profile dev` or `--profile all`");
  });

  test.each([
    ["deb", "did you mean `dev`?"],
    ["production", "there are `dev`, `all`"],
  ])("there is none called %s", (name, help) => {
    expect(shown(profilesFor(TWO, name, false))).toContain(help);
  });
});
