// A folder for one test, with the files it needs, gone when the test file is done.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";

export interface Folder {
  at(path: string): string;
  write(path: string, text: string): void;
  read(path: string): string;
}

const roots: string[] = [];
// Said here once: inside of a test it would be said too late.
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

export function openFolder(): Folder {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "mcprules-e2e-")));
  roots.push(root);
  const at = (path: string): string => join(root, path);
  return {
    at,
    read: (path) => readFileSync(at(path), "utf8"),
    write: (path, text) => {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), text);
    },
  };
}

export const ALLOW_ALL = "mcprules 1\n\ndefault allow\n";
