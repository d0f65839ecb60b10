// JSON that a command is given in a file, or on stdin: an object, or what is wrong with it.
import { existsSync, readFileSync, statSync } from "node:fs";
import { isJsonObject, type JsonObject, type JsonValue } from "../mcp/json.ts";
import { messageOf } from "../io/thrown.ts";

/** `file`: a path, or `-` for stdin. `wanted`: what it should hold, for people. A text: what is wrong. */
export function readJsonObject(file: string, wanted: string): JsonObject | string {
  const isInput = file === "-";
  const name = isInput ? "stdin" : file;
  if (!isInput && !existsSync(file)) return `${file}: there is no such file`;
  if (!isInput && statSync(file).isDirectory()) return `${file} is a folder: ${wanted}`;
  try {
    const value = JSON.parse(readFileSync(isInput ? 0 : file, "utf8")) as JsonValue;
    return isJsonObject(value) ? value : `${name}: ${wanted}`;
  } catch (error) {
    return `${name}: ${messageOf(error)}`;
  }
}
