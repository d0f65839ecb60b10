// Why there is nothing where rules should be, as far as the path tells it: a link, `~`, a pattern, another folder than was thought.
import { readlink } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

interface Place {
  /** As it is given. */
  readonly shown: string;
  /** Absolute. */
  readonly path: string;
}

/** `said`: what the system says of it. */
export async function reasonOfMissing({ shown, path }: Place, said: string): Promise<string> {
  const target = await readlink(path).catch(() => undefined);
  if (target !== undefined) return `it is a link to \`${target}\`, and nothing is there`;
  const parts = path.split("/");
  const home = parts.indexOf("~");
  if (home !== -1) {
    const meant = join(process.env["HOME"] ?? homedir(), ...parts.slice(home + 1));
    return `${said}: \`~\` is not filled in here, write \`${meant}\``;
  }
  if (/[*?[{]/.test(shown)) {
    const folder = dirname(shown.slice(0, shown.search(/[*?[{]/)) + "x");
    return `${said}: name the folder, \`${folder}\`, and all files below it that end in \`.mcprules\` count`;
  }
  return isAbsolute(shown) ? said : `${said}: ${path}`;
}
