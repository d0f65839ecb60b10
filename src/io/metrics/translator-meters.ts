// What is measured of translators: asked of their tally when somebody looks.
import { Counter, type Registry } from "prom-client";
import type { TranslatorTally } from "../translators/tally.ts";

export function addTranslatorMeters(registry: Registry, tally: Pick<TranslatorTally, "all">): void {
  const counter = new Counter({
    name: "mcprules_translations_total",
    help: "Pieces of texts by translator: asked of it, remembered, refused since nobody could believe it, failed.",
    labelNames: ["translator", "outcome"],
    registers: [],
    collect() {
      this.reset();
      for (const { translator, outcome, texts } of tally.all()) this.inc({ translator, outcome }, texts);
    },
  });
  registry.registerMetric(counter);
}
