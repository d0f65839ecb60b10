// The command line: what is asked for, and nothing loaded that it does not need.
import { Command, CommanderError, Option } from "commander";
import { VERSION } from "../io/version.ts";
import type { CheckRequest } from "./check.ts";
import type { RunRequest } from "./run.ts";
import type { TestRequest } from "./test.ts";

/** Exit codes: 0 all is well, 1 an error was found or something failed, 2 wrong usage. */
const WRONG_USAGE = 2;

async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command("mcprules")
    .description(
      "A rule-engine proxy for the Model Context Protocol: policy files decide what is blocked, renamed, rewritten and logged.",
    )
    .version(VERSION)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  const command = (name: string, summary: string): Command =>
    program.command(name).summary(summary).description(summary).exitOverride();

  command("run", "run the proxy over stdio, in front of the servers of a settings file or of one command")
    .option("--config <file>", "settings file (default: mcprules.json, mcp.json or .mcp.json here)")
    .option("--rules <path...>", "policy files or folders, besides those of the settings")
    .addOption(new Option("--name <name>", "what the policy calls the server after `--`").default("server"))
    .argument("[command...]", "after `--`: the one server to wrap, with its arguments")
    .usage("[options] [-- COMMAND ARG…]")
    .action(async (words: string[], options: Omit<RunRequest, "command">, self: Command) => {
      if (words.length > 0 && !argv.includes("--"))
        self.error(`error: unexpected \`${words[0] ?? ""}\`: write \`--\` before the command to wrap`);
      const { run } = await import("./run.ts");
      exitCode = await run({ ...options, command: words });
    });

  command("check", "whether a policy is sound, and if not, where and why")
    .argument("<path...>", "files and folders of the policy")
    .option("--config <file>", "settings file: then a server that it does not name is an error")
    .option("--deny-warnings", "warnings are errors")
    .option("--json", "one JSON document on stdout")
    .action(async (paths: string[], options: Omit<CheckRequest, "paths">) => {
      const { check } = await import("./check.ts");
      exitCode = await check({ ...options, paths });
    });

  command("test", "play the tests of a policy through the engine that judges real messages")
    .argument("<path...>", "files and folders of the policy")
    .option("--json", "one JSON document on stdout, diagnostics included")
    .action(async (paths: string[], options: Omit<TestRequest, "paths">) => {
      const { test } = await import("./test.ts");
      exitCode = await test({ ...options, paths });
    });

  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : WRONG_USAGE;
  }
  return exitCode;
}

process.exit(await main(process.argv.slice(2)));
