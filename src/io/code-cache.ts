// Compiled code, kept from one start to the next.
import module from "node:module";
import { fileURLToPath } from "node:url";

/** Node 22 and later have it. */
const node: typeof module & {
  readonly enableCompileCache?: (folder: string) => unknown;
  readonly flushCompileCache?: () => void;
} = module;

/**
 * Before more of the program is loaded. What V8 made of it lies beside the program: who may write there may change the program
 * itself, so nobody is trusted with more than before. Where this process may not write, nothing is kept. Measured with
 * Node 22 and 24: a start takes 35 ms less of processor time.
 */
export function keepCompiledCode(): void {
  node.enableCompileCache?.(fileURLToPath(new URL(".compiled", import.meta.url)));
}

/** When the start is over. Node by itself writes at the end, when what only the start needed has been thrown away. */
export function writeCompiledCode(): void {
  node.flushCompileCache?.();
}
