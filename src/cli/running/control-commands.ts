// The commands that speak to a proxy that runs: status, rollback, tail, approvals.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { ApprovalsRequest } from "./approvals.ts";
import type { CommandLine } from "../command-line.ts";
import type { RollbackRequest } from "./rollback.ts";
import type { StatusRequest } from "./status.ts";
import type { TailRequest } from "./tail.ts";

export function addControlCommands({ add, end }: CommandLine): void {
  withPid(add("status", "how a running proxy stands: its policy, its servers, its sessions, what its rules did"))
    .option("--json", "one JSON document on stdout")
    .action(async (options: StatusRequest) => {
      const { status } = await import("./status.ts");
      end(await status(options));
    });
  withPid(add("rollback", "back to an earlier policy in a running proxy, until its files change again"))
    .argument("[revision]", "which one, by its id or how that begins (default: the one before)")
    .option("--profile <name>", "of which profile, where there are several")
    .option("--json", "one JSON document on stdout")
    .action(async (revision: string | undefined, options: Omit<RollbackRequest, "revision">) => {
      const { rollback } = await import("./rollback.ts");
      end(await rollback({ ...options, revision }));
    });
  withPid(add("tail", "the decisions of a running proxy, as they are made"))
    .option("--profile <name>", "only of this profile")
    .addOption(new Option("--level <level>", "this one and above").choices(["trace", "debug", "info", "warn", "error"]))
    .option("--method <glob...>", "only about these methods, such as tools/*")
    .option("--server <glob...>", "only about these servers")
    .option("--thing <glob...>", "only about tools, prompts and resources of these names, as their server calls them")
    .addOption(new Option("--from <side>", "only what this side sent").choices(["client", "server"]))
    .addOption(new Option("--verdict <verdict...>", "only these").choices(["allow", "block", "ask", "answer", "drop"]))
    .option("--reports", "also what the operator should know, and what servers say on stderr")
    .option("--json", "JSON lines on stdout, as in the log")
    .action(async (options: TailRequest) => {
      const { tail } = await import("./tail.ts");
      end(await tail(options));
    });
  addApprovals({ add, end });
}

type Deciding = (id: string, options: ApprovalsRequest) => Promise<void>;

function addApprovals({ add, end }: Pick<CommandLine, "add" | "end">): void {
  const list = async (options: ApprovalsRequest): Promise<void> => {
    const { approvals } = await import("./approvals.ts");
    end(await approvals(options));
  };
  const decideAs =
    (approves: boolean): Deciding =>
    async (id, options) => {
      const { decide } = await import("./approvals.ts");
      end(await decide(id, approves, options));
    };
  const group = withPid(add("approvals", "what a running proxy waits for somebody to approve"))
    .option("--json", "one JSON document on stdout")
    .action(list);
  const alone = (name: string, summary: string): Command => add(name, summary);
  const inGroup = (name: string, summary: string): Command => group.command(name).description(summary);
  forAnswer(inGroup("list", "the same")).action((_options, command: Command) => list(command.optsWithGlobals()));
  for (const [name, summary, approves] of ANSWERS) {
    forAnswer(alone(name, summary)).argument("<id>", ID).action(decideAs(approves));
    forAnswer(inGroup(name, summary))
      .argument("<id>", ID)
      .action((id: string, _options, command: Command) => decideAs(approves)(id, command.optsWithGlobals()));
  }
}

const ID = "as `mcprules approvals` shows it, or how it begins";

const ANSWERS = [
  ["approve", "let what waits under this id go on", true],
  ["decline", "refuse what waits under this id", false],
] as const;

function forAnswer(command: Command): Command {
  return withPid(command).option("--json", "one JSON document on stdout");
}

function withPid(command: Command): Command {
  return command.addOption(
    new Option("--pid <pid>", "which proxy, where several run: its process id").argParser((text) => {
      const pid = Number(text);
      if (Number.isInteger(pid) && pid > 0) return pid;
      throw new InvalidArgumentError("It is a process id.");
    }),
  );
}
