// JSON that a command is given in a file, or on stdin: an object, or what is wrong with it.
import { existsSync, readFileSync, statSync } from "node:fs";
import { isJsonObject, type JsonObject, type JsonValue } from "../mcp/json.ts";
import { messageOf } from "../io/thrown.ts";

/** `file`: a path, or `-` for stdin. `wanted`: what it should hold, for people. A text: what is wrong. */
export function readJsonObject(file: string, wanted: string): JsonObject | string {
  if (file !== "-" && existsSync(file) && statSync(file).isDirectory()) return `${file} is a folder: ${wanted}`;
  try {
    const value = JSON.parse(readFileSync(file === "-" ? 0 : file, "utf8")) as JsonValue;
    return isJsonObject(value) ? value : `${file}: ${wanted}`;
  } catch (error) {
    return `${file}: ${messageOf(error)}`;
  }
}
