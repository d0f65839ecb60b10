// The commands about modules: what is connected, and the rules folder as a module for others.
import type { CommandLine } from "../command-line.ts";
import type { ModulesRequest } from "./modules.ts";
import type { ServeModuleRequest } from "./serve-module.ts";

export function addModuleCommands({ add, end }: CommandLine): void {
  add("modules", "start the modules of the settings, and say what each of them declares")
    .option("--config <file>", "settings file (default: mcprules.json, mcp.json or .mcp.json here)")
    .option("--json", "one JSON document on stdout")
    .action(async (options: ModulesRequest) => {
      const { modules } = await import("./modules.ts");
      end(await modules(options));
    });
  add("serve-module", "serve the rules as a module of another gateway: it is asked about messages as they pass there")
    .requiredOption("--rules <path...>", "policy files or folders")
    .option("--http <address>", "serve over HTTP, at [HOST:]PORT of this machine; else over stdio")
    .action(async (options: ServeModuleRequest) => {
      const { serveModuleCommand } = await import("./serve-module.ts");
      end(await serveModuleCommand(options));
    });
}
