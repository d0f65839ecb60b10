// Globs of files, asked of every reading of a value: readings that disagree are in doubt.
import { locate, type Anchor, type FilePath, type PathHome } from "./file-path.ts";
import { pathTokens } from "./glob.ts";
import { pathTest } from "./path-glob-test.ts";
import { decodingsOf, spellingsOf, withoutControls, type Spelling } from "./spellings.ts";
import { agreed, type Truth } from "../truth.ts";

export interface PathGlob {
  /** Of a field that holds a path: what is relative to an unknown folder is in doubt. */
  readonly matches: (value: string, home: PathHome) => Truth;
  /** Of any text: what does not look like a path is none. */
  readonly isNamedBy: (text: string) => Truth;
}

export function pathGlob(glob: string): PathGlob {
  const questions = new GlobQuestions(glob);
  const isAbsolute = /^(?:[/\\~]|[A-Za-z]:[/\\]|file:)/i.test(glob);
  const isPlainGlob = isPlain(glob.replaceAll(/[*?]/g, "x").replace(/^xx/, "/xx"));
  const plain = pathTest(pathTokens(glob));
  const folded = pathTest(pathTokens(fold(glob)));
  const matches = (value: string, home: PathHome, isPath: boolean): Truth => {
    if (!isPlainGlob || !isPlain(value)) return questions.ask(value, home, isPath);
    if (plain(value)) return "yes";
    return folded(fold(value)) ? "doubt" : "no";
  };
  return {
    matches: (value, home) => matches(value, home, true),
    isNamedBy: (text) => {
      if (text.length > LONGEST_PATH || (isAbsolute && !MAY_BE_ABSOLUTE.test(text))) return "no";
      // A text with a line end or the like is asked without it: whoever trims it reads a path.
      const trimmed = withoutControls(text);
      const truth = matches(trimmed, {}, false);
      return truth === "yes" && trimmed !== text ? "doubt" : truth;
    },
  };
}

const MAY_BE_ABSOLUTE = /^[\s\p{Cc}]*(?:[/\\~%]|[A-Za-z]:[/\\]|file:)|\.\.|%2e/iu;

/** Longer than any system's paths. */
const LONGEST_PATH = 32_768;

/** Nothing in it can be read in two ways but its case: absolute, ASCII, no `//`, no dot segments. */
export function isPlain(path: string): boolean {
  return path.length <= LONGEST_PATH && /^(?:\/(?!\.\.?(?:\/|$))[A-Za-z0-9_ .@+,=()-]+)+$/.test(path);
}

/** Two letters are the same to a system that ignores case if they are the same once both were put up and down. */
export function fold(text: string): string {
  return text.toUpperCase().toLowerCase();
}

type PathQuestion = (path: FilePath, isPath: boolean) => Truth;

class GlobQuestions {
  /** As its values are read, so that `file:///srv/**` and `/srv/**` mean the same files. */
  readonly #text: string;
  readonly #decoded: string;
  /** By form of the glob, root and home: as many as there are servers. */
  readonly #questions = new Map<string, readonly PathQuestion[]>();

  constructor(glob: string) {
    this.#text = withoutScheme(glob.replaceAll("\\", "/"));
    // An encoded wildcard would become one.
    const isDecodable = !/%(?:25)*(?:2a|3f)/i.test(this.#text);
    this.#decoded = (isDecodable ? decodingsOf(this.#text)?.at(-1) : undefined) ?? this.#text;
  }

  /** All readings of the value. */
  ask(value: string, home: PathHome, isPath: boolean): Truth {
    const spellings = value.length <= LONGEST_PATH ? spellingsOf(value) : undefined;
    if (!spellings) return "doubt";
    const answers = new Set<Truth>();
    for (const spelling of this.#distinct(spellings)) {
      for (const answer of this.#askSpelling(spelling, home, isPath)) answers.add(answer);
    }
    return agreed([...answers]);
  }

  #distinct(spellings: readonly Spelling[]): readonly Spelling[] {
    if (this.#text !== this.#decoded) return spellings;
    return [...new Set(spellings.map(({ text }) => text))].map((text) => ({ text, isDecoded: false }));
  }

  #askSpelling(spelling: Spelling, home: PathHome, isPath: boolean): readonly Truth[] {
    const glob = spelling.isDecoded ? this.#decoded : this.#text;
    const isAscii = !/[^\0-\x7f]/.test(spelling.text + glob);
    const forms = isAscii ? [asWritten] : [asWritten, composed];
    return forms.flatMap((form) => {
      const paths = locate(form(spelling.text), home);
      if (!paths) return [isPath || /^~|\.\./.test(spelling.text) ? ("doubt" as const) : ("no" as const)];
      const questions = this.#questionsOf(form(glob), home);
      return paths.flatMap((path) => questions.map((question) => question(path, isPath)));
    });
  }

  /** With its case, and without. */
  #questionsOf(glob: string, home: PathHome): readonly PathQuestion[] {
    const key = JSON.stringify([glob, home.root, home.home]);
    const known = this.#questions.get(key);
    if (known) return known;
    const questions = [pathQuestion(glob, home, asWritten), pathQuestion(glob, home, fold)];
    this.#questions.set(key, questions);
    return questions;
  }
}

function pathQuestion(glob: string, home: PathHome, form: (text: string) => string): PathQuestion {
  // What begins with `**` is meant anywhere, so it has no folder of its own.
  if (glob.startsWith("**")) return questionAnywhere(pathTest(pathTokens(form(glob))), form);
  const located = locate(glob, home)?.[0];
  if (!located) return () => "doubt";
  const test = pathTest(pathTokens(form(located.path)));
  return ({ anchor, path }, isPath) => {
    if (anchor === located.anchor) return test(form(path)) ? "yes" : "no";
    if (anchor === "share" || !isPath) return "no";
    return isUnknown(anchor) || isUnknown(located.anchor) || home.root === undefined ? "doubt" : "no";
  };
}

/** If it matches the end of a path whose beginning is unknown, it matches; if not, who knows. */
function questionAnywhere(test: (path: string) => boolean, form: (text: string) => string): PathQuestion {
  return ({ anchor, path }, isPath) => {
    if (test(form(isUnknown(anchor) ? `/${path}` : path))) return "yes";
    return isUnknown(anchor) && isPath ? "doubt" : "no";
  };
}

function isUnknown(anchor: Anchor): boolean {
  return anchor === "start" || anchor === "home";
}

function withoutScheme(glob: string): string {
  const path = /^file:(?:\/\/(?:localhost)?(?=\/))?(.*)$/i.exec(glob)?.[1];
  return path === undefined ? glob : path.replace(/^\/(?=[A-Za-z]:(?:\/|$))/, "");
}

function asWritten(text: string): string {
  return text;
}

function composed(text: string): string {
  return text.normalize("NFC");
}
