// The command line while it is put together: where commands are added, and how they end.
import type { Command } from "commander";

export interface CommandLine {
  readonly argv: readonly string[];
  readonly add: (name: string, summary: string) => Command;
  /** With this exit code. */
  readonly end: (exitCode: number) => void;
}
