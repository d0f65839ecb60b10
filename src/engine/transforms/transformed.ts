// What came of a transform, or of all those of a rule.
import type { ModuleFault } from "../need.ts";
import type { Scene } from "../scene.ts";

export type Transformed =
  | { readonly kind: "done"; readonly scene: Scene }
  /** `always`: not even `fails open` lets it pass. `module`: where one is to blame. */
  | {
      readonly kind: "failed";
      readonly reason: string;
      readonly always: boolean;
      readonly module?: ModuleFault | undefined;
    };

export function failed(reason: string): Transformed {
  return { kind: "failed", reason, always: false };
}
