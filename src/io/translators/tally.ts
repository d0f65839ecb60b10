// What became of texts that were to be translated, counted by translator, for whoever measures.

/** `asked`: sent to it; `remembered`: known before; `refused`: its answer was not believed; `failed`: it gave none. */
export type TranslationOutcome = "asked" | "remembered" | "refused" | "failed";

export interface TranslatorCount {
  readonly translator: string;
  readonly outcome: TranslationOutcome;
  /** Of pieces of texts, since the start. */
  readonly texts: number;
}

export class TranslatorTally {
  private readonly counts = new Map<string, TranslatorCount>();

  count(translator: string, outcome: TranslationOutcome, texts: number): void {
    const key = `${outcome} ${translator}`;
    const before = this.counts.get(key)?.texts ?? 0;
    this.counts.set(key, { translator, outcome, texts: before + texts });
  }

  all(): readonly TranslatorCount[] {
    return [...this.counts.values()];
  }
}
