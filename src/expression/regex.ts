// Regular expressions that take time linear in the text, always.

export interface LinearRegex {
  readonly source: string;
  /** Any of `i m s`. */
  readonly flags: string;
  readonly groups: number;
  test(text: string): boolean;
  /** Every match replaced: `$1` is a group's text, `$0` the match, `$$` a dollar. */
  replaceAll(text: string, template: string): string;
}

export type CompiledRegex =
  | { readonly kind: "regex"; readonly regex: LinearRegex }
  /** `offset` in `source`. */
  | { readonly kind: "problem"; readonly message: string; readonly offset: number };

export function compileRegex(source: string, flags: string): CompiledRegex {
  return { kind: "problem", message: `not built yet: ${source}${flags}`, offset: 0 };
}
