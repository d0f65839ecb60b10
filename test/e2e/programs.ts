// The programs that take part in end-to-end tests: the proxy as it is built, real servers, and a small one of our own.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

function node(...args: readonly string[]): Program {
  return { command: process.execPath, args };
}

export function proxy(...args: readonly string[]): Program {
  return node(fileURLToPath(new URL("../../dist/cli.js", import.meta.url)), "run", ...args);
}

/** One of the reference servers, by the end of its package's name. */
export function referenceServer(name: string, ...args: readonly string[]): Program {
  const manifest = createRequire(import.meta.url).resolve(`@modelcontextprotocol/server-${name}/package.json`);
  return node(join(dirname(manifest), "dist/index.js"), ...args);
}

export function ownServer(...args: readonly string[]): Program {
  return node(fileURLToPath(new URL("own-server.mjs", import.meta.url)), ...args);
}

/** On the second SDK: `legacy`, `modern` or `dual`. */
export function eraServer(era: string): Program {
  return node(fileURLToPath(new URL("era-server.mjs", import.meta.url)), era);
}

/** What knows nothing before its handshake: it ends, or says nothing. */
export function shyServer(manner: "ends" | "silent"): Program {
  return node(fileURLToPath(new URL("shy-server.mjs", import.meta.url)), manner);
}

/** The same program, with all it reads on stdin also written to `file`. */
export function overheard({ command, args }: Program, file: string): Program {
  return node(fileURLToPath(new URL("overhear.mjs", import.meta.url)), file, command, ...args);
}
