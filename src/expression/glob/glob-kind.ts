// Which kind a glob is (plain, of paths, of URLs), and what it then says of a name, of a value and of any text.
import type { PathHome } from "./file-path.ts";
import { pathTokens, plainTest, plainTokens, type GlobToken } from "./glob.ts";
import { pathTest } from "./path-glob-test.ts";
import { fold, pathGlob } from "./path-glob.ts";
import { withoutControls } from "./spellings.ts";
import type { Truth } from "../truth.ts";
import { isUrlGlob, urlGlob } from "./url-glob.ts";

export interface TextTest {
  readonly ofName: (name: string) => Truth;
  readonly ofValue: (text: string, home: PathHome) => Truth;
  readonly ofAnyText: (text: string) => Truth;
  /** Stands in every text of which `ofValue` says other than no; empty: nobody knows such a text. */
  readonly word: string;
}

export type GlobKind = "plain" | "path" | "url" | "opaque";

/** With a `/` it is of paths, with `scheme://` of URLs, with `scheme:` of URIs that have no parts. */
export function kindOfGlob(glob: string): GlobKind {
  if (!/[/\\]/.test(glob)) return "plain";
  if (isUrlGlob(glob)) return "url";
  return SCHEME.test(glob) && !FILE.test(glob) ? "opaque" : "path";
}

export function textTest(glob: string): TextTest {
  switch (kindOfGlob(glob)) {
    case "plain":
      return { ...everywhere(truth(plainTest(plainTokens(glob)))), word: longestText(plainTokens(glob)) };
    case "url":
      return everywhere(urlGlob(glob));
    case "opaque":
      return everywhere(opaqueTest(glob));
    case "path":
      return pathTextTest(glob);
  }
}

/** One letter before the colon is a drive. */
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]+:/;
const FILE = /^file:/i;
const ROOTED = /^(?:[/\\~%]|[A-Za-z]:[/\\])/;

function pathTextTest(glob: string): TextTest {
  const test = pathGlob(glob);
  const isName = truth(pathTest(pathTokens(glob)));
  return {
    // Methods and the like have no readings; URIs are of files or they are not. A bare path is one that lost its scheme.
    ofName: (name) => {
      const trimmed = withoutControls(name).trim();
      if (FILE.test(trimmed) || ROOTED.test(trimmed)) return test.matches(name, {});
      return SCHEME.test(trimmed) ? "no" : isName(name);
    },
    ofValue: test.matches,
    ofAnyText: test.isNamedBy,
    word: "",
  };
}

function opaqueTest(glob: string): (text: string) => Truth {
  const test = pathTest(pathTokens(glob));
  const folded = pathTest(pathTokens(fold(glob)));
  return (text) => {
    if (test(text)) return "yes";
    return folded(fold(text)) ? "doubt" : "no";
  };
}

function everywhere(test: (text: string) => Truth): TextTest {
  return { ofName: test, ofValue: test, ofAnyText: test, word: "" };
}

function longestText(tokens: readonly GlobToken[]): string {
  const texts = tokens.flatMap((token) => (token.kind === "text" ? [token.text] : []));
  return texts.reduce((longest, text) => (text.length > longest.length ? text : longest), "");
}

function truth(test: (text: string) => boolean): (text: string) => Truth {
  return (text) => (test(text) ? "yes" : "no");
}
