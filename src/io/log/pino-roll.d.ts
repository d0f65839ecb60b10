// What we use of package pino-roll, which comes without types.
declare module "pino-roll" {
  import type { SonicBoom, SonicBoomOpts } from "sonic-boom";

  interface RollOptions extends Omit<SonicBoomOpts, "dest"> {
    readonly file: string;
    /** Such as `65536b`. */
    readonly size?: string;
    readonly frequency?: "daily" | "hourly";
    readonly dateFormat?: string;
    readonly limit?: { readonly count: number; readonly removeOtherLogFiles: boolean };
  }

  export default function roll(options: RollOptions): Promise<SonicBoom>;
}
