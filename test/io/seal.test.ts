// What clients carry for the proxy comes back as it was, or not at all.
import { describe, expect, test } from "vitest";
import { createSeal, randomToken } from "../../src/io/seal.ts";

const OLD = { id: "2026-10", secret: "an old secret of thirty-two bytes" };
const NEW = { id: "2026-11", secret: "a new secret of thirty-two bytes!" };
const PLAIN = JSON.stringify({ v: 1, up: "the server's own state, é" });

describe("what is sealed", () => {
  const { seal, open } = createSeal([NEW, OLD]);

  test("what was sealed for one profile is unknown in the others, and the same in another process", () => {
    const keys = [{ id: "a", secret: "0123456789abcdef0123456789abcdef" }];
    const sealed = createSeal(keys, "dev").seal("state");
    expect(createSeal(keys, "dev").open(sealed)).toBe("state");
    expect(createSeal(keys, "ops").open(sealed)).toBeUndefined();
    expect(createSeal(keys).open(sealed)).toBeUndefined();
  });

  test("is opened again, and never looks the same twice", () => {
    expect(open(seal(PLAIN))).toBe(PLAIN);
    expect(seal(PLAIN)).not.toBe(seal(PLAIN));
  });

  test("names its format and the first key, and tells nothing", () => {
    const sealed = seal(PLAIN);
    expect(sealed).toMatch(/^mr1\.2026-11\.[\w-]+\.[\w-]{43}$/);
    expect(Buffer.from(sealed.split(".")[2] ?? "", "base64url").toString("latin1")).not.toContain("server");
  });

  test("with an older key is opened, and with a key that was dropped is not", () => {
    const old = createSeal([OLD]).seal(PLAIN);
    expect(open(old)).toBe(PLAIN);
    expect(createSeal([NEW]).open(old)).toBeUndefined();
  });

  test("by another secret of the same name is not opened", () => {
    expect(open(createSeal([{ id: NEW.id, secret: OLD.secret }]).seal(PLAIN))).toBeUndefined();
  });

  test("is none of ours with any character changed", () => {
    const sealed = seal("x");
    for (let at = 0; at < sealed.length - 1; at++) {
      const other = sealed[at] === "A" ? "B" : "A";
      expect(open(sealed.slice(0, at) + other + sealed.slice(at + 1)), `at ${at}`).toBeUndefined();
    }
  });

  test.each(["", "mr1", "mr1.2026-11..", "mr1.2026-11.AAAA.AAAA", `${seal("x")}.x`, "x".repeat(20_000)])(
    "%s is none of ours",
    (sealed) => {
      expect(open(sealed)).toBeUndefined();
    },
  );
});

test("without keys each process has its own", () => {
  const [one, other] = [createSeal([]), createSeal([])];
  expect(one.open(one.seal(PLAIN))).toBe(PLAIN);
  expect(other.open(one.seal(PLAIN))).toBeUndefined();
});

test("a token is 128 bits, never the same", () => {
  expect(randomToken()).toMatch(/^[\w-]{22}$/);
  expect(randomToken()).not.toBe(randomToken());
});
