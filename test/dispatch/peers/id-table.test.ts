// A table of ids behaves as a Map does, whatever is put in and taken out.
import fc from "fast-check";
import { expect, test } from "vitest";
import { IdTable } from "../../../src/dispatch/peers/id-table.ts";

const id = fc.oneof(fc.nat(200).map(String), fc.string({ maxLength: 3 }));
const step = fc.record({ what: fc.constantFrom("set", "delete", "take", "delete one", "delete another", "get"), id });

test("it holds what a Map holds", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400, size: "max" }), (steps) => {
      const table = new IdTable<number>();
      const map = new Map<string, number>();
      for (const [index, { what, id: key }] of steps.entries()) {
        const stores = [table, map];
        if (what === "set") for (const store of stores) store.set(key, index);
        const deleted = stores.map((store) => what === "delete" && store.delete(key));
        expect(deleted[0]).toBe(deleted[1]);
        const known = map.get(key);
        const taken = what === "take" ? table.take(key) : known;
        expect(taken).toBe(known);
        if (what === "delete one" && known !== undefined) table.deleteOne(key, known);
        if (what === "delete another") table.deleteOne(key, index + 0.5);
        if (what === "take" || what === "delete one") map.delete(key);
        expect(table.get(key)).toBe(map.get(key));
      }
      expect(table.size).toBe(map.size);
      expect(table.values().toSorted((a, b) => a - b)).toEqual([...map.values()].toSorted((a, b) => a - b));
      for (const [key, value] of map) expect(table.get(key)).toBe(value);
    }),
  );
});

test("numbers are ids too", () => {
  const table = new IdTable<string, number>();
  for (let id = 0; id < 1000; id++) table.set(id, `${id}`);
  for (let id = 0; id < 1000; id += 2) expect(table.delete(id)).toBe(true);
  expect(table.size).toBe(500);
  for (let id = 0; id < 1000; id++) expect(table.get(id)).toBe(id % 2 === 0 ? undefined : `${id}`);
});

test("it grows with what it holds, and is empty when it was cleared", () => {
  const table = new IdTable<number>();
  for (let index = 0; index < 1000; index++) table.set(`"${index}"`, index);
  expect(table.size).toBe(1000);
  expect(Array.from({ length: 1000 }, (_, index) => table.get(`"${index}"`) === index).every(Boolean)).toBe(true);
  table.clear();
  expect(table.size).toBe(0);
  expect(table.get('"1"')).toBeUndefined();
  expect(table.values()).toEqual([]);
});
