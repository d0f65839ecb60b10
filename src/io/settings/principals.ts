// What a policy is told of whom the settings know when it is checked: profiles, and whether anybody has a user.
import type { CheckContext } from "../../inspect/check-policy.ts";
import type { Settings } from "./settings.ts";

/** Settings without profiles, or of one command, leave open where else the rules are used. */
export function principalsOf({ file, profiles, auth }: Settings): Pick<CheckContext, "profiles" | "hasUsers"> {
  return {
    ...(profiles.length > 0 && { profiles: profiles.map(({ name }) => name) }),
    ...(file !== undefined && { hasUsers: auth !== undefined }),
  };
}
