// Who keeps failing is left alone for a while, and asked once before everybody may ask again.
import { expect, test } from "vitest";
import { Breaker } from "../../src/io/breaker.ts";

const SECOND = 1000;

function failing(...at: readonly number[]): { readonly breaker: Breaker; readonly opened: readonly boolean[] } {
  const breaker = new Breaker();
  return { breaker, opened: at.map((now) => breaker.failed(now * SECOND)) };
}

test("four failures are forgiven, the fifth in two minutes is not", () => {
  const { breaker, opened } = failing(0, 1, 2, 3);
  expect(breaker.mayAsk(4 * SECOND)).toBe(true);
  expect([...opened, breaker.failed(4 * SECOND)]).toEqual([false, false, false, false, true]);
  expect(breaker.mayAsk(5 * SECOND)).toBe(false);
});

test("failures that lie further apart are forgiven for ever", () => {
  expect(failing(0, 40, 80, 119, 121, 170, 210, 260).opened).not.toContain(true);
});

test("what worked makes up for all failures before", () => {
  const { breaker } = failing(0, 1, 2, 3);
  breaker.worked();
  expect(breaker.failed(4 * SECOND)).toBe(false);
});

test("after half a minute one is let through, and what comes of it decides", () => {
  const { breaker } = failing(0, 0, 0, 0, 0);
  expect([29, 30, 30].map((now) => breaker.mayAsk(now * SECOND))).toEqual([false, true, false]);
  expect(breaker.isOpen(31 * SECOND)).toBe(true);
  expect(breaker.failed(31 * SECOND)).toBe(true);
  expect([60, 61].map((now) => breaker.mayAsk(now * SECOND))).toEqual([false, true]);
  breaker.worked();
  expect(breaker.isOpen(62 * SECOND)).toBe(false);
  expect([breaker.mayAsk(62 * SECOND), breaker.mayAsk(62 * SECOND)]).toEqual([true, true]);
});

test("what was asked before and fails later does not make the pause longer", () => {
  const { breaker } = failing(0, 0, 0, 0, 0, 10, 10, 10, 10, 10, 29);
  expect(breaker.mayAsk(30 * SECOND)).toBe(true);
});
