// Colours for terminals, and none for everything else.
import { styleText } from "node:util";
import { isHidden } from "../source/display-width.ts";

export type Dye = (text: string) => string;

export interface Paint {
  readonly bold: Dye;
  readonly dim: Dye;
  readonly red: Dye;
  readonly green: Dye;
  readonly yellow: Dye;
  readonly blue: Dye;
  readonly magenta: Dye;
  readonly cyan: Dye;
}

type Colour = keyof Paint;

/** A stream is coloured when it is a terminal and nobody asked otherwise (no-color.org). */
export function paintFor(stream: { readonly isTTY?: boolean }): Paint {
  return createPaint(stream.isTTY === true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb");
}

function createPaint(isColoured: boolean): Paint {
  const dye =
    (colour: Colour): Dye =>
    (text) =>
      isColoured && text !== "" ? styleText(colour, text) : text;
  return {
    bold: dye("bold"),
    dim: dye("dim"),
    red: dye("red"),
    green: dye("green"),
    yellow: dye("yellow"),
    blue: dye("blue"),
    magenta: dye("magenta"),
    cyan: dye("cyan"),
  };
}

/** What a terminal would obey (escape sequences in a server's words, marks that turn a text around) is shown, not obeyed. */
export function printable(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return isHidden(code) ? escaped(code.toString(16)) : character;
  }).join("");
}

function escaped(code: string): string {
  return code.length > 2 ? `\\u{${code}}` : `\\x${code.padStart(2, "0")}`;
}
