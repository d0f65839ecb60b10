// The host that something listens on: a name or an address, and nothing else.
import { isIP } from "node:net";
import * as z from "zod";

export const hostField = z
  .string()
  .min(1)
  .refine((text) => text === "" || isIP(text) !== 0 || /^[\w.-]+$/.test(text), {
    error: () => "must be a host alone, such as `127.0.0.1` or `::1`: the port stands in `port`",
  });
