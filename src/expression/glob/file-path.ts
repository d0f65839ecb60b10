// Paths of files in their simplest form, and what each of them starts from.

/** Where relative paths start and what `~` means, both absolute; absent: such values are in doubt. */
export interface PathHome {
  readonly root?: string | undefined;
  readonly home?: string | undefined;
}

/** `start` and `home`: relative to a folder that nobody knows. `share`: another machine's. */
export type Anchor = "root" | "drive" | "share" | "start" | "home";

/** Without empty and dot segments and without a `/` at its end: `/a/b`, `/`, `C:/a`, `a/b`, `~/a`. */
export interface FilePath {
  readonly anchor: Anchor;
  readonly path: string;
}

const DRIVE = /^([A-Za-z]):(?=\/|$)/;

/** Every path the text may mean, with `/` between segments; `undefined`: one of them leads above the top, or to somebody's home. */
export function locate(text: string, home: PathHome): readonly FilePath[] | undefined {
  if (/^~[^/]/.test(text) || /^[A-Za-z]:[^/]/.test(text)) return undefined;
  const { anchor, prefix, rest } = anchored(text, home);
  const paths = simplifications(rest).map((segments) => segments && written(anchor, prefix, segments));
  if (!paths.every((path) => path !== undefined)) return undefined;
  // Two slashes at the start are one to most systems, and another machine to some.
  const share = text.startsWith("//") ? paths.map(({ path }): FilePath => ({ anchor: "share", path })) : [];
  return [...paths, ...share];
}

interface Anchored {
  readonly anchor: Anchor;
  readonly prefix: string;
  readonly rest: string;
}

function anchored(text: string, home: PathHome): Anchored {
  const root = folder(home.root);
  if (text === "~" || text.startsWith("~/")) {
    const own = folder(home.home);
    return own === undefined ? { anchor: "home", prefix: "~", rest: text.slice(1) } : absolute(own + text.slice(1));
  }
  if (DRIVE.test(text) && (root === undefined || DRIVE.test(root))) return absolute(text);
  if (text.startsWith("/")) return absolute((DRIVE.exec(root ?? "")?.[0] ?? "") + text);
  return root === undefined ? { anchor: "start", prefix: "", rest: text } : absolute(`${root}/${text}`);
}

function absolute(text: string): Anchored {
  const drive = DRIVE.exec(text)?.[0];
  if (drive === undefined) return { anchor: "root", prefix: "", rest: text };
  return { anchor: "drive", prefix: drive.toUpperCase(), rest: text.slice(drive.length) };
}

/** As it is held against globs; one whose own name holds wildcards is as good as unknown. */
function folder(path: string | undefined): string | undefined {
  if (path === undefined || /[*?]/.test(path)) return undefined;
  return /^[A-Za-z]:[\\/]/.test(path) ? path.replaceAll("\\", "/") : path;
}

/** Empty segments count for `..` on some systems and not on others. */
function simplifications(path: string): readonly (readonly string[] | undefined)[] {
  const segments = path.split("/").filter((segment) => segment !== ".");
  const isSafe = !path.includes("..") || !path.replace(/^\/+/, "").includes("//");
  const collapsed = withoutDots(segments.filter((segment) => segment !== ""));
  return isSafe ? [collapsed] : [collapsed, withoutDots(segments.slice(1))?.filter((segment) => segment !== "")];
}

/** `undefined`: above the top, or a wildcard would have to be undone. */
function withoutDots(segments: readonly string[]): readonly string[] | undefined {
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment !== "..") kept.push(segment);
    else if (kept.pop()?.includes("*") ?? true) return undefined;
  }
  return kept;
}

function written(anchor: Anchor, prefix: string, segments: readonly string[]): FilePath {
  const path = segments.join("/");
  if (anchor === "start") return { anchor, path };
  if (path === "") return { anchor, path: prefix === "" ? "/" : prefix };
  return { anchor, path: `${prefix}/${path}` };
}
