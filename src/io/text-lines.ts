// A stream of text, line by line, for people: bounded, so that a program that never ends its line costs no memory.
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** Characters after which a line is cut. */
const LONGEST = 16_384;

export function splitLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) tell(line, onLine);
    if (rest.length < LONGEST) return;
    tell(rest, onLine);
    rest = "";
  });
  stream.on("end", () => tell(rest, onLine));
}

function tell(line: string, onLine: (line: string) => void): void {
  const text = line.trimEnd();
  if (text !== "") onLine(text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text);
}
