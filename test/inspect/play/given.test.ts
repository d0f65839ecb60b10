// `given`: who a test says is speaking.
import { describe, expect, test } from "vitest";
import { withPrincipal } from "../../../src/inspect/play/given.ts";

const NOBODY = { client: undefined, user: undefined, profile: undefined };

describe("given", () => {
  test("a user by id, whose groups nobody knows", () => {
    expect(withPrincipal(NOBODY, "user", "ada")?.user).toStrictEqual({ id: "ada", groups: undefined, claims: {} });
  });

  test("the whole of a user", () => {
    const user = { id: "ada", groups: ["staff", 7], claims: { tenant: "north" } };
    expect(withPrincipal(NOBODY, "user", user)?.user).toStrictEqual({
      id: "ada",
      groups: ["staff"],
      claims: { tenant: "north" },
    });
  });

  test("groups add up, before and after the user is named", () => {
    const one = withPrincipal(NOBODY, "group", "staff");
    expect(one?.user).toStrictEqual({ id: "somebody", groups: ["staff"], claims: {} });
    expect(one && withPrincipal(one, "group", "editors")?.user?.groups).toStrictEqual(["staff", "editors"]);
    const ada = withPrincipal(NOBODY, "user", "ada");
    expect(ada && withPrincipal(ada, "group", "staff")?.user).toStrictEqual({
      id: "ada",
      groups: ["staff"],
      claims: {},
    });
  });

  test("a client by name or whole, and a profile", () => {
    expect(withPrincipal(NOBODY, "client", "cursor")?.client).toStrictEqual({ name: "cursor" });
    expect(withPrincipal(NOBODY, "client", { name: "cursor", version: "1" })?.client).toStrictEqual({
      name: "cursor",
      version: "1",
    });
    expect(withPrincipal(NOBODY, "profile", "dev")?.profile).toBe("dev");
  });

  test.each(["client", "user", "group", "profile"] as const)("a number is no %s", (kind) => {
    expect(withPrincipal(NOBODY, kind, 7)).toBeUndefined();
  });
});
