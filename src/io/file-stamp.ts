// How a file stands, told by its stamp, and a look at it every so often.
import { stat } from "node:fs/promises";
import { codeOf } from "./thrown.ts";

/** Another once the file was written, replaced or taken away; never rejects. */
export async function stampOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [path, dev, ino, size, mtimeNs, ctimeNs].join("\0");
  } catch (error) {
    return `${path}\0${codeOf(error) ?? String(error)}`;
  }
}

/**
 * Calls `onChange` for what changed since the file stood as `stamp` says, `everyMs` later at most, until the answer is called.
 * With a stamp from before the file was read nothing is missed. Node's own watch begins with how the file stands
 * some time after it was told to.
 */
export function watchStamp(
  path: string,
  stamp: string | Promise<string>,
  everyMs: number,
  onChange: () => void,
): () => void {
  let last = stamp;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const look = async (): Promise<void> => {
    const before = await last;
    last = await stampOf(path);
    if (isOver) return;
    timer = setTimeout(() => void look(), everyMs).unref();
    if (last !== before) onChange();
  };
  void look();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
