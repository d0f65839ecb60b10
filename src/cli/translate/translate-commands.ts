// `mcprules translate` on the command line: catalogues of translations are made, filled and checked.
import { type Command, InvalidArgumentError } from "commander";
import { tagMistake } from "../../language/language-tag.ts";
import type { CommandLine } from "../command-line.ts";
import type { TranslateRequest } from "./translate-request.ts";

export function addTranslate({ add, argv, end }: CommandLine): void {
  add("translate", "make, fill and check the catalogues of translations beside the rules")
    .option("--extract", "collect the texts of the servers, and write them into the catalogues")
    .option("--fill", "have what nobody has translated yet translated by a translator of the settings")
    .option("--check", "say what is missing, and fail where a translation lost something")
    .option("--forget <name>", "forget all that this translator said before")
    .option("--to <languages>", "which languages, such as fr,de (default: those there are)", languages)
    .option("--using <name>", "with --fill: which translator (default: the one that is marked so)")
    .option("--from-log <file>", "with --extract: from a log of whole messages and the lock, without starting a server")
    .option("--fail-under <percent>", "with --check: fail when a language has less", percent)
    .option("--config <file>", "settings file (default: mcprules.json, mcp.json or .mcp.json here)")
    .option(
      "--rules <path...>",
      "policy files or folders; the catalogues lie beside the first (default: those of the settings)",
    )
    .option("--json", "one JSON document on stdout")
    .argument("[command...]", "after `--`: the one server to wrap, with its arguments")
    .option("--name <name>", "what the policy calls the server after `--`", "server")
    .usage("--extract | --fill | --check | --forget NAME [options] [-- COMMAND ARG…]")
    .action(async (words: string[], options: Omit<TranslateRequest, "command">, self: Command) => {
      if (words.length > 0 && !argv.includes("--"))
        self.error(`error: unexpected \`${words[0] ?? ""}\`: write \`--\` before the command to wrap`);
      const { translate } = await import("./translate.ts");
      end(await translate({ ...options, command: words }));
    });
}

function languages(text: string): readonly string[] {
  const tags = text.split(",").map((tag) => tag.trim());
  for (const tag of tags) {
    if (tag === "auto") throw new InvalidArgumentError("a catalogue is for one language: `auto` is none");
    const mistake = tagMistake(tag);
    if (mistake === undefined) continue;
    const help = mistake.meant === undefined ? "tags such as `fr,pt-BR` are expected" : mistake.help;
    throw new InvalidArgumentError(`${mistake.message}: ${help}`);
  }
  return Intl.getCanonicalLocales(tags);
}

function percent(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 100)) throw new InvalidArgumentError("0 to 100 is expected");
  return value;
}
