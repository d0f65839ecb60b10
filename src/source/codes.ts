// Every code a diagnostic may bear, and what it means in one line. `grammar/diagnostics.md` explains each.

export const CODES = {
  MR101: "a bare token that has to be quoted",
  MR102: "a text that is not closed",
  MR103: "an escape that a text does not know",
  MR104: "JSON that is not well formed",
  MR105: "a bracket that is never closed",
  MR106: "a regular expression that cannot be read, or a path that is not quoted",
  MR107: "a character that does not belong where it stands",
  MR108: "a number, duration or percentage that cannot be read",
  MR109: "a path that cannot be read",
  MR111: "a number too large to be kept exactly",
  MR112: "a key that JSON holds twice",
} as const;

export type Code = keyof typeof CODES;
