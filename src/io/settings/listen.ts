// Where the proxy listens, for clients and for whoever reads its metrics: what may stand there, and what cannot be served.
import { isIP } from "node:net";
import * as z from "zod";
import { isAnyAddress, isLoopback } from "../http/gate.ts";
import { isWritten, type SettingsDocument } from "./document.ts";
import { hostField } from "./host-field.ts";
import type { SettingsFault } from "./problem.ts";
import { DEFAULTS } from "./settings.ts";

const allowedHost = z
  .string()
  .refine((text) => isIP(text) === 6 || /^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.test(text), {
    error: () => "must be a name such as `mcp.example`, with or without a port",
  });

export const listenSchema = z.strictObject({
  host: hostField.default(DEFAULTS.listen.host),
  port: z.int().min(0).max(65_535).default(DEFAULTS.listen.port),
  path: z
    .string()
    .regex(/^(\/[\w.~-]+)+$/, "must be a path such as `/mcp`")
    .default(DEFAULTS.listen.path),
  allowedHosts: z.array(allowedHost).default([]),
  allowedOrigins: z
    .array(z.string().regex(/^[a-z][a-z\d+.-]*:\/\/[^/]+$/i, "must be an origin such as `https://app.example`"))
    .default([]),
  anyone: z.boolean().default(DEFAULTS.listen.anyone),
});

export function listenFaults(document: SettingsDocument, { listen, auth, metrics }: Doors): readonly SettingsFault[] {
  return [
    ...(auth === undefined && isOpen(listen) ? [openFault("listen", "name in `auth` who may come in, or say")] : []),
    ...(metrics !== undefined && isOpen(metrics) ? [openFault("metrics", "listen on `127.0.0.1`, or say")] : []),
    // Who says nothing of `listen` may well serve over stdio alone.
    ...(isWritten(document, ["mcprules", "listen"]) && areOne(listen, metrics) ? [SAME_PORT] : []),
  ];
}

interface Doors {
  readonly listen: Door;
  readonly auth?: object | undefined;
  readonly metrics?: Door | undefined;
}

interface Door {
  readonly host: string;
  readonly port: number;
  readonly anyone: boolean;
}

function isOpen({ host, anyone }: Door): boolean {
  return !isLoopback(host) && !anyone;
}

function openFault(section: string, before: string): SettingsFault {
  const message = "others can reach this `host`, and nobody is asked who he is";
  return { at: ["mcprules", section, "host"], message, help: `${before} \`"anyone": true\` beside it` };
}

const SAME_PORT: SettingsFault = {
  at: ["mcprules", "metrics", "port"],
  message: "`port` is where `listen` serves clients",
  help: "give metrics a port of their own",
};

function areOne(one: Door, other: Door | undefined): boolean {
  if (other === undefined || one.port !== other.port || one.port === 0) return false;
  const hosts = [one.host, other.host];
  return one.host === other.host || hosts.some(isAnyAddress) || hosts.every(isLoopback);
}
