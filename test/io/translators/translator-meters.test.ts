// What is measured of translators, as Prometheus reads it.
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { addTranslatorMeters } from "../../../src/io/metrics/translator-meters.ts";
import { deepl, open, request } from "./opened.ts";
import { pseudo, standIn, textsIn } from "./stand-in.ts";

test("pieces are counted by what became of them, and not twice when somebody looks twice", async () => {
  const server = await standIn(({ body }) => ({
    body: { translations: textsIn(body["text"]).map((text) => ({ text: text === "Bad" ? "" : pseudo(text) })) },
  }));
  const { translation } = open(deepl(server.url));
  const registry = new Registry();
  addTranslatorMeters(registry, translation.tally);
  await translation.answer(request(["Good", "Bad"]));
  await translation.answer(request(["Good"]));
  await registry.metrics();
  const lines = (await registry.metrics()).split("\n").filter((line) => line.startsWith("mcprules_"));
  expect(lines.sort()).toEqual([
    'mcprules_translations_total{translator="one",outcome="asked"} 2',
    'mcprules_translations_total{translator="one",outcome="refused"} 1',
    'mcprules_translations_total{translator="one",outcome="remembered"} 1',
  ]);
});
