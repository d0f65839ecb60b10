// What is asked of a translator, piece by piece, and who waits for it.
import type { Unit } from "../../engine/translation/unit.ts";

/** A unit that is asked for. */
export interface Wanted {
  readonly unit: Unit;
  readonly about: string;
  readonly source: string;
  readonly target: string;
  /** It may hold people's data. */
  readonly isPersonal: boolean;
}

/** In line, or on its way. */
export interface Job extends Wanted {
  readonly key: string;
  /** As it is sent, about. */
  readonly bytes: number;
  /** It is asked for the second time, since the first answer was not believed. */
  readonly isSecond: boolean;
  readonly done: (answer: string | undefined) => void;
}
