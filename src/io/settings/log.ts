// The section `log` of the settings: from what is written there to the sinks of the log.
import { resolve } from "node:path";
import { NOT_A_NAME } from "../../language/words.ts";
import { destinationOf } from "../log/destination.ts";
import type { SinkValue } from "../log/log-schema.ts";
import type { Destination, LogSettings, SinkSettings } from "../log/log-settings.ts";
import type { SettingsFault } from "./problem.ts";
import type { SettingsValue } from "./schema.ts";

type LogValue = SettingsValue["mcprules"]["log"];

/** Relative paths start at `folder`. */
export function logOf({ level, to, sinks }: LogValue, folder: string): LogSettings {
  return {
    level,
    to: to === "stderr" ? "stderr" : resolve(folder, to),
    sinks: Object.entries(sinks).map(([name, sink]) => sinkOf(name, sink, folder)),
  };
}

/** Rules say `log to NAME`. */
const SINK_NAME = /^[A-Za-z_][\w-]*$/;

export function logFaults({ sinks }: LogValue): readonly SettingsFault[] {
  return Object.keys(sinks).flatMap((name) => {
    const fault = nameFault(name);
    return fault === undefined ? [] : [{ at: ["mcprules", "log", "sinks", name], isName: true, ...fault }];
  });
}

function nameFault(name: string): { readonly message: string; readonly help: string } | undefined {
  const help = "rules name it in `log to NAME`: letters, digits, `_` and `-`, a letter first";
  if (name === "main")
    return { message: "`main` is the sink that `log.level` and `log.to` describe", help: "choose another name" };
  if (NOT_A_NAME.has(name)) return { message: `\`${name}\` is a word of the language`, help: "choose another name" };
  return SINK_NAME.test(name) ? undefined : { message: `\`${name}\` cannot be the name of a sink`, help };
}

function sinkOf(name: string, sink: SinkValue, folder: string): SinkSettings {
  const { level, form, filter, messageBytes } = sink;
  const { method, server, name: thing, from, verdict } = filter;
  return {
    name,
    level,
    to: placeOf(sink, folder),
    form: listed(form) ?? [],
    filter: { method: listed(method), server: listed(server), name: listed(thing), from, verdict: listed(verdict) },
    messageBytes,
  };
}

/** The schema has refused what leads nowhere. */
function placeOf({ to, rotate, headers = {}, facility = LOCAL0 }: SinkValue, folder: string): Destination {
  const place = destinationOf(to);
  switch (place.kind) {
    case "stderr":
      return place;
    case "file":
      return { kind: "file", path: resolve(folder, place.path), rotate };
    case "http":
      return { ...place, headers };
    case "syslog":
      return { ...place, facility };
    case "unknown":
      throw new Error(`a sink ${place.message}`);
  }
}

const LOCAL0 = 16;

function listed<Item>(value: Item | readonly Item[] | undefined): readonly Item[] | undefined {
  if (value === undefined) return undefined;
  return isList(value) ? value : [value];
}

function isList<Item>(value: Item | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value);
}
