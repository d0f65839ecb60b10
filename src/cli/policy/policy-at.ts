// A policy as it stood at a git revision: the same files, read from the repository instead of the folder.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import type { SourceText } from "../../source/source-text.ts";
import { readPolicyFiles, type PolicyFiles } from "./policy-files.ts";

/** `given`: a file or folder, a git revision (`HEAD~1`: of what `other` says), or both (`HEAD~1:rules`). */
export async function policyAt(given: string, other: string): Promise<PolicyFiles> {
  if (existsSync(given)) return readPolicyFiles([given]);
  const colon = given.indexOf(":");
  const revision = colon === -1 ? given : given.slice(0, colon);
  const path = colon === -1 ? pathOf(other) : given.slice(colon + 1);
  try {
    const sources = await sourcesAt(revision, path);
    if (sources.length > 0) return { kind: "sources", sources };
    return { kind: "none", reasons: [`no file ends in \`.mcprules\` below \`${path}\` at \`${revision}\``] };
  } catch {
    return { kind: "none", reasons: [`\`${given}\` is no file or folder, and no git revision that is known here`] };
  }
}

/** Of a revision with a path, that path; of a bare revision, everything here. */
function pathOf(given: string): string {
  if (existsSync(given)) return given;
  return given.includes(":") ? given.slice(given.indexOf(":") + 1) : ".";
}

/** Files by path, bytewise, as a folder is read; names that begin with a dot are left out. */
async function sourcesAt(revision: string, path: string): Promise<readonly SourceText[]> {
  const listed = await git("ls-tree", "-r", "--name-only", "-z", "--end-of-options", revision, "--", path);
  const names = listed.split("\0").filter((name) => name.endsWith(".mcprules") && !/(?:^|\/)\.[^./]/.test(name));
  const sorted = names.sort((one, another) => Buffer.compare(Buffer.from(one), Buffer.from(another)));
  const sources: SourceText[] = [];
  for (const name of sorted) {
    sources.push({ path: name, text: await git("show", "--end-of-options", `${revision}:./${name}`) });
  }
  return sources;
}

const LARGEST = 64 * 1024 * 1024;

async function git(...args: readonly string[]): Promise<string> {
  // Inside of a git hook these would lead to another repository than the one around.
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  const options = { maxBuffer: LARGEST, env: { ...Object.fromEntries(environment), LC_ALL: "C" } };
  const { stdout } = await promisify(execFile)("git", ["--no-optional-locks", ...args], options);
  return stdout;
}
