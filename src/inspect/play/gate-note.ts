// What happened to a message at a gate, for people who ask why.
import type { Outside } from "./outside.ts";

export type GateNote =
  /** `said`: `undefined` while nobody has answered. */
  | {
      readonly kind: "asked";
      readonly rules: readonly string[];
      readonly text: string;
      /** The only way that its rule allows. */
      readonly via: string | undefined;
      readonly said: Outside["human"];
    }
  /** The proxy has no such way, whatever a human would say. */
  | { readonly kind: "unaskable"; readonly rules: readonly string[]; readonly text: string; readonly via: string }
  | {
      readonly kind: "counted" | "over";
      readonly rule: string;
      readonly used: number;
      readonly count: number;
      readonly perMs: number;
    }
  | { readonly kind: "tagged"; readonly names: readonly string[]; readonly forMs: number }
  | { readonly kind: "recalled" | "missed"; readonly rule: string };
