// How a line of text looks in a terminal: tabs become blanks, wide characters take two cells, hidden ones are shown.

/** One character as it is drawn, and the cells it takes. */
export interface Cell {
  readonly text: string;
  readonly width: 0 | 1 | 2;
}

/** The cells of a character that stands at this cell of its line; a tab becomes as many blanks as it takes. */
export function cellsOf(character: string, at: number): readonly Cell[] {
  if (character === "\t") return Array.from({ length: TAB - (at % TAB) }, () => BLANK);
  const code = character.codePointAt(0) ?? 0;
  if (isHidden(code)) return [STAND_IN];
  if (isWithin(code, COMBINING)) return [{ text: character, width: 0 }];
  return [{ text: character, width: isWithin(code, WIDE) ? 2 : 1 }];
}

/** Words that may hold anything, on one line: what a terminal would obey is replaced. */
export function printable(text: string): string {
  return Array.from(text, (character) => {
    if (character === "\t") return BLANK.text;
    return isHidden(character.codePointAt(0) ?? 0) ? STAND_IN.text : character;
  }).join("");
}

const TAB = 4;
const BLANK: Cell = { text: " ", width: 1 };
const STAND_IN: Cell = { text: "\u{FFFD}", width: 1 };

/** Control characters, lone surrogates and marks that turn the direction of text: they could change what a terminal shows. */
export function isHidden(code: number): boolean {
  return (
    code < 0x20 || (code >= 0x7f && code <= 0x9f) || (code >= 0xd800 && code <= 0xdfff) || isWithin(code, DIRECTION)
  );
}

type Ranges = readonly (readonly [number, number])[];

const DIRECTION: Ranges = [
  [0x061c, 0x061c],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2066, 0x2069],
  [0xfeff, 0xfeff],
];

/** Combining marks, joiners and variation selectors: the blocks that people meet. */
const COMBINING: Ranges = [
  [0x0300, 0x036f],
  [0x0483, 0x0489],
  [0x0591, 0x05bd],
  [0x064b, 0x065f],
  [0x0900, 0x0902],
  [0x093c, 0x093c],
  [0x094d, 0x094d],
  [0x1ab0, 0x1aff],
  [0x1dc0, 0x1dff],
  [0x200b, 0x200d],
  [0x20d0, 0x20ff],
  [0x302a, 0x302d],
  [0x3099, 0x309a],
  [0xfe00, 0xfe0f],
  [0xfe20, 0xfe2f],
  [0xe0100, 0xe01ef],
];

/** East Asian Wide and Fullwidth (Unicode UAX 11), and emoji drawn as pictures. */
const WIDE: Ranges = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x23e9, 0x23ec],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x2648, 0x2653],
  [0x26a1, 0x26a1],
  [0x26bd, 0x26be],
  [0x2705, 0x2705],
  [0x274c, 0x274e],
  [0x2753, 0x2757],
  [0x2795, 0x2797],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f000, 0x1f02f],
  [0x1f0a0, 0x1f0ff],
  [0x1f200, 0x1f320],
  [0x1f32d, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd],
];

function isWithin(code: number, ranges: Ranges): boolean {
  return code >= 0x0300 && ranges.some(([first, last]) => code >= first && code <= last);
}
