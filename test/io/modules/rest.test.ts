// A host that fails too often is asked nothing until it can be listed again.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ModuleMeter } from "../../../src/io/modules/meter.ts";
import { Rest } from "../../../src/io/modules/rest.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function resting(): {
  readonly rest: Rest;
  readonly meter: ModuleMeter;
  readonly warnings: readonly string[];
  readonly answers: boolean[];
  readonly ending: AbortController;
} {
  const [meter, warnings, ending] = [new ModuleMeter(), [] as string[], new AbortController()];
  const answers: boolean[] = [];
  const canBeListed = (): Promise<boolean> => Promise.resolve(answers.shift() ?? false);
  const warn = (text: string): void => void warnings.push(text);
  const rest = new Rest({ meter, warn, signal: ending.signal, canBeListed });
  for (let failure = 0; failure < 5; failure += 1) rest.failed();
  return { rest, meter, warnings, answers, ending };
}

test("it is told of once, however many more fail meanwhile", () => {
  const { rest, meter, warnings } = resting();
  for (let failure = 0; failure < 5; failure += 1) rest.failed();
  expect(meter.isBreakerOpen).toBe(true);
  expect(warnings).toEqual(["it failed 5 times, and is asked nothing for 30 s"]);
});

test("it is listed every half minute, and when it can be, it is well", async () => {
  const { meter, answers } = resting();
  answers.push(false, true);
  await vi.advanceTimersByTimeAsync(30_000);
  expect([answers.length, meter.isBreakerOpen]).toEqual([1, true]);
  await vi.advanceTimersByTimeAsync(30_000);
  expect([answers.length, meter.isBreakerOpen]).toEqual([0, false]);
});

test("it is well at once when it was started anew, and has five failures again", async () => {
  const { rest, meter, answers } = resting();
  rest.end();
  expect(meter.isBreakerOpen).toBe(false);
  rest.failed();
  expect(meter.isBreakerOpen).toBe(false);
  answers.push(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(answers).toHaveLength(1);
});

test("it is not listed any more once it is to be ended", async () => {
  const { answers, ending } = resting();
  answers.push(true);
  ending.abort();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(answers).toHaveLength(1);
});
