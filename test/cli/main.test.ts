// The command line as a whole: what it does about commands that there are not.
import { describe, expect, test } from "vitest";
import { mcprules } from "./outside.ts";

describe("a command that there is not", () => {
  test.each([
    [["nosuch"], "error: unknown command 'nosuch'\n"],
    [["help", "nosuch"], "error: unknown command 'nosuch'\n"],
    [["nosuch", "--help"], "error: unknown command 'nosuch'\n"],
    [["tset", "rules", "--json"], "error: unknown command 'tset'\n(Did you mean test?)\n"],
    [["help", "chekc"], "error: unknown command 'chekc'\n(Did you mean check?)\n"],
  ])("is said to be none: %j", (args, stderr) => {
    expect(mcprules(args)).toEqual({ status: 2, stdout: "", stderr });
  });
});

describe("one that there is", () => {
  test.each([
    [["help", "check"], "Usage: mcprules check "],
    [["help", "status"], "Usage: mcprules status "],
    [["check", "--help"], "Usage: mcprules check "],
    [["help"], "Usage: mcprules [options] [command]\n"],
    [["help", "help"], "Usage: mcprules [options] [command]\n"],
    [["--help"], "Usage: mcprules [options] [command]\n"],
  ])("is explained: %j", (args, start) => {
    const { status, stdout, stderr } = mcprules(args);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout.startsWith(start)).toBe(true);
  });
});
