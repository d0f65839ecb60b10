// Which names of files are nearly those of rules.
import { nearest } from "../../source/nearest.ts";

/** Of a name that begins with a dot: editors and other systems put such files beside the one they are about. */
export function isPutThere(name: string): boolean {
  return /^\.[#_]/.test(name);
}

/** Copies that editors keep (`x.mcprules~`, `x.mcprules.bak`) are none. */
export function isNearlyRules(name: string): boolean {
  if (name.endsWith(".mcprules")) return name.startsWith(".") && !isPutThere(name);
  if (name.startsWith(".") || name.endsWith("~")) return false;
  const [, ending = ""] = /\.([^.]{6,10})(?:\.txt)?$/i.exec(name) ?? [];
  return ending === "mcprules" || nearest(ending, ["mcprules"]) !== undefined;
}
