// The command line: what is asked for, and nothing loaded that it does not need.
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { keepCompiledCode } from "../io/code-cache.ts";
import { setUpForCommand, setUpForStart } from "../io/engine-flags.ts";
import { VERSION } from "../io/version.ts";
import type { CheckRequest } from "./policy/check.ts";
import type { CommandLine } from "./command-line.ts";
import { addControlCommands } from "./running/control-commands.ts";
import type { DiffRequest } from "./policy/diff.ts";
import type { ExplainRequest } from "./policy/explain.ts";
import type { FmtRequest } from "./policy/fmt.ts";
import type { LockRequest } from "./lock/lock.ts";
import { addModuleCommands } from "./modules/module-commands.ts";
import type { LoginRequest } from "./login.ts";
import type { RunRequest } from "./run.ts";
import type { TestRequest } from "./policy/test.ts";
import { addTranslate } from "./translate/translate-commands.ts";

/** Exit codes: 0 all is well, 1 an error was found or something failed, 2 wrong usage. */
const WRONG_USAGE = 2;

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command("mcprules")
    .description(
      "A rule-engine proxy for the Model Context Protocol: policy files decide what is blocked, renamed, rewritten and logged.",
    )
    .version(VERSION)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  let exitCode = 0;
  const line: CommandLine = {
    argv,
    add: (name, summary) => program.command(name).summary(summary).description(summary).exitOverride(),
    end: (code) => {
      exitCode = code;
    },
  };
  // Putting a command together takes a millisecond: all of them only for who wants help, or asked for none that there is.
  const asked = COMMANDS.get(argv[0] ?? "");
  for (const add of asked === undefined ? [...COMMANDS.values(), addControlCommands, addModuleCommands] : [asked])
    add(line);
  try {
    await program.parseAsync(unknownAlone(program, argv), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : WRONG_USAGE;
  }
  return exitCode;
}

/** Asked for help on a command that there is not, commander shows all there is; asked for the command, it says so. */
function unknownAlone({ commands }: Command, argv: readonly string[]): readonly string[] {
  const [command] = argv[0] === "help" ? argv.slice(1) : argv;
  const isKnown = command === undefined || command.startsWith("-") || commands.some((one) => one.name() === command);
  return isKnown ? argv : [command];
}

/** In the order of the help text; those that speak to a running proxy come after them. */
const COMMANDS: ReadonlyMap<string, (line: CommandLine) => void> = new Map([
  ["run", addRun],
  ["check", addCheck],
  ["fmt", addFmt],
  ["test", addTest],
  ["explain", addExplain],
  ["diff", addDiff],
  ["lock", addLock],
  ["login", addLogin],
  ["translate", addTranslate],
]);

const JSON_OPTION = ["--json", "one JSON document on stdout, diagnostics included"] as const;
const PATHS = ["<path...>", "files and folders of the policy"] as const;
const PATHS_OR_SETTINGS = [
  "[path...]",
  "files and folders of the policy (default: those of the settings file)",
] as const;

function addRun({ add, argv, end }: CommandLine): void {
  add("run", "run the proxy over stdio or HTTP, in front of the servers of a settings file or of one command")
    .option("--config <file>", "settings file (default: mcprules.json, mcp.json or .mcp.json here)")
    .option("--rules <path...>", "policy files or folders, besides those of the settings")
    .option("--http [address]", "serve over HTTP, at [HOST:]PORT or where the settings say (127.0.0.1:7331)")
    .option("--profile <name>", "which profile of the settings is served; over HTTP, all of them unless one is named")
    .addOption(serverName())
    .argument(...WRAPPED)
    .usage("[options] [-- COMMAND ARG…]")
    .action(async (words: string[], options: Omit<RunRequest, "command">, self: Command) => {
      refuseBareCommand(words, argv, self);
      setUpForStart();
      const { run } = await import("./run.ts");
      end(await run({ ...options, command: words }));
    });
}

const WRAPPED = ["[command...]", "after `--`: the one server to wrap, with its arguments"] as const;

function serverName(): Option {
  return new Option("--name <name>", "what the policy calls the server after `--`").default("server");
}

function refuseBareCommand(words: readonly string[], argv: readonly string[], self: Command): void {
  const at = argv.indexOf("--");
  const [first = ""] = words;
  if (at === -1 && words.length > 0)
    self.error(`error: unexpected \`${first}\`: write \`--\` before the command to wrap`);
  if (at === -1) return;
  const wrapped = argv.slice(at + 1);
  if (words.length > wrapped.length) self.error(`error: unexpected \`${first}\` before \`--\``);
  // What a shell makes of a variable that is not set.
  if (wrapped.length === 0 || wrapped[0] === "") self.error("error: no command stands after `--`");
}

function addLock({ add, argv, end }: CommandLine): void {
  add("lock", "write down what the servers have in mcprules.lock: then `check` knows their tools and arguments")
    .option("--config <file>", "settings file (default: mcprules.json, mcp.json or .mcp.json here)")
    .option("--rules <path...>", "without a settings file: the policy that the lock is to lie beside (default: here)")
    .option("--check", "write nothing, fail when the servers are other than the lock says")
    .option(...JSON_OPTION)
    .addOption(serverName())
    .argument(...WRAPPED)
    .usage("[options] [-- COMMAND ARG…]")
    .action(async (words: string[], options: Omit<LockRequest, "command">, self: Command) => {
      refuseBareCommand(words, argv, self);
      const { lock } = await import("./lock/lock.ts");
      end(await lock({ ...options, command: words }));
    });
}

function addLogin({ add, end }: CommandLine): void {
  add("login", "log in at a server that wants OAuth, with a browser; the proxy keeps the tokens and renews them")
    .argument("<server>", "as the settings call it")
    .option("--config <file>", "settings file (default: mcprules.json, mcp.json or .mcp.json here)")
    .option("--no-browser", "only print the address")
    .option("--forget", "throw the login away")
    .action(async (server: string, options: Omit<LoginRequest, "server">) => {
      const { login } = await import("./login.ts");
      end(await login({ ...options, server }));
    });
}

function addCheck({ add, end }: CommandLine): void {
  add("check", "whether a policy is sound, and if not, where and why")
    .argument(...PATHS_OR_SETTINGS)
    .option(
      "--config <file>",
      "settings file: then a server that it does not name is an error, and the lock beside it counts",
    )
    .option("--deny-warnings", "warnings are errors")
    .option("--verbose", "also how each rule is found, what it reads, and where its expressions are evaluated")
    .option(...JSON_OPTION)
    .action(async (paths: string[], options: Omit<CheckRequest, "paths">, self: Command) => {
      refuseNothing(paths, options.config, self);
      setUpForCommand();
      const { check } = await import("./policy/check.ts");
      end(await check({ ...options, paths }));
    });
}

function refuseNothing(paths: readonly string[] = [], config: string | undefined, self: Command): void {
  if (paths.length === 0 && config === undefined) self.error("error: give the path of a policy, or `--config`");
}

function addFmt({ add, end }: CommandLine): void {
  add("fmt", "write policies in the one layout, in place; `-` from stdin to stdout")
    .argument(...PATHS)
    .option("--check", "change nothing, fail when a file would be changed")
    .option(...JSON_OPTION)
    .action(async (paths: string[], options: Omit<FmtRequest, "paths">) => {
      const { fmt } = await import("./policy/fmt.ts");
      end(await fmt({ ...options, paths }));
    });
}

function addTest({ add, end }: CommandLine): void {
  add("test", "play the tests of a policy through the engine that judges real messages")
    .argument(...PATHS_OR_SETTINGS)
    .option("--config <file>", "settings file: what it names is checked, and the lock beside it counts")
    .option("--coverage", "also which rules and clauses no test has reached")
    .addOption(new Option("--fail-under <percent>", "fail when coverage is below").argParser(percentFrom))
    .option("--junit <file>", "write the report as JUnit XML too")
    .option(...JSON_OPTION)
    .action(async (paths: string[], options: Omit<TestRequest, "paths">, self: Command) => {
      refuseNothing(paths, options.config, self);
      setUpForCommand();
      const { test } = await import("./policy/test.ts");
      end(await test({ ...options, paths }));
    });
}

function percentFrom(text: string): number {
  const percent = Number(text);
  if (text.trim() !== "" && percent >= 0 && percent <= 100) return percent;
  throw new InvalidArgumentError("It is a number from 0 to 100.");
}

function addExplain({ add, end }: CommandLine): void {
  add("explain", "why one message ends as it does under a policy")
    .argument("<message>", 'a JSON file: {"method": …, "params": …}, or {"request": …, "result": …}; - for stdin')
    .option("--rules <path...>", PATHS_OR_SETTINGS[1])
    .option("--config <file>", "settings file: what it names is checked, and the lock beside it counts")
    .option("--on <server>", "the server it goes to, or comes from")
    .option("--catalogue <file>", 'what that server offers, as it answers tools/list: {"tools": [{"name": …}]}')
    .addOption(
      new Option("--from <side>", "who sends it, where the method does not tell").choices(["client", "server"]),
    )
    .option("--user <user>", "an id, or JSON with `id`, `groups`, `claims`")
    .option("--group <group...>", "groups the user is in")
    .option("--client <client>", "what the client calls itself")
    .option("--profile <profile>", "the profile it came in by")
    .option("--now <time>", "a point in time such as 2026-12-01T09:30:00Z")
    .option(...JSON_OPTION)
    .action(async (file: string, options: Omit<ExplainRequest, "file">, self: Command) => {
      refuseNothing(options.rules, options.config, self);
      setUpForCommand();
      const { explain } = await import("./policy/explain.ts");
      end(await explain({ ...options, file }));
    });
}

function addDiff({ add, end }: CommandLine): void {
  add("diff", "what changed between two versions of a policy, and what the messages of its tests come to under both")
    .argument("<old>", "a file, a folder, a git revision, or REVISION:PATH")
    .argument("<new>", "the same")
    .option(...JSON_OPTION)
    .action(async (before: string, after: string, options: Pick<DiffRequest, "json">) => {
      setUpForCommand();
      const { diff } = await import("./policy/diff.ts");
      end(await diff({ ...options, before, after }));
    });
}

keepCompiledCode();
process.exit(await main(process.argv.slice(2)));
