// Who is in the canary of a rule: a fixed share of the users, the same ones on every machine and after every restart.
import { hash32 } from "../hash.ts";

/** `percent` of 0 to 100. Without a user the rule is enforced. */
export function isInCanary(rule: string, user: string | undefined, percent: number): boolean {
  return user === undefined || hash32(`${rule}\n${user}`) % 10_000 < percent * 100;
}
