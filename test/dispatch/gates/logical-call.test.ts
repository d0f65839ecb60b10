// Rounds of one call, counted one after the other.
import { expect, test } from "vitest";
import { LogicalCall } from "../../../src/dispatch/gates/logical-call.ts";

test("a call is counted by one at a time", () => {
  const call = new LogicalCall();
  const order: string[] = [];
  const finish: (() => void)[] = [];
  for (const name of ["first", "second", "third"]) {
    call.countInTurn((done) => {
      order.push(name);
      finish.push(done);
    });
  }
  expect(order).toEqual(["first"]);
  finish[0]?.();
  expect(order).toEqual(["first", "second"]);
  finish[1]?.();
  finish[2]?.();
  call.countInTurn(() => order.push("fourth"));
  expect(order).toEqual(["first", "second", "third", "fourth"]);
});
