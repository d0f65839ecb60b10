// A module as a file: an ES module in a thread of its own, which is ended when it overruns; or, trusted and fast, in this one.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { readEnvelope } from "../../message/envelope.ts";
import { LEGACY_REVISIONS } from "../../mcp/revisions.ts";
import { stampOf, watchStamp } from "../file-stamp.ts";
import type { Connection, Opener, Opening } from "./connection.ts";
import type { HostSettings } from "./module-settings.ts";
import { DEPTH, type Reply, replyOf } from "./peer.ts";
import { openHere, OVERRUN, type Runner } from "./script-runner.ts";
import { openThread } from "./script-thread.ts";
import { messageOf } from "../thrown.ts";

type ScriptHost = Extract<HostSettings, { kind: "script" }>;

/** How often its file is looked at. */
const LOOK_MS = 500;

export async function openScript(host: ScriptHost, opener: Opener): Opening {
  for (;;) {
    const stamp = await stampOf(host.path);
    const opened = await openText(host, opener, stamp);
    // Read twice, for its digest and by who runs it: only of a file that stood still is that the digest of what runs.
    if ((await stampOf(host.path)) === stamp) return opened;
    if (typeof opened !== "string") await opened.close();
  }
}

/** `stamp`: how the file stood before it was read. */
async function openText({ path, isIsolated }: ScriptHost, opener: Opener, stamp: string): Opening {
  let text: Buffer;
  try {
    text = await readFile(path);
  } catch {
    return `its file cannot be read: ${path}`;
  }
  const url = pathToFileURL(path);
  // A file that stands otherwise is another module to Node, which keeps what it once found at an address.
  url.searchParams.set("stamp", shortHash(stamp));
  const runner = await (isIsolated ? openThread(url, opener) : openHere(url));
  return typeof runner === "string"
    ? runner
    : connect(runner, { path, digest: shortHash(text), stamp, maxBytes: opener.maxBytes });
}

function shortHash(text: Buffer | string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

interface Script {
  readonly path: string;
  readonly digest: string;
  readonly stamp: string;
  readonly maxBytes: number;
}

function connect(runner: Runner, { path, digest, stamp, maxBytes }: Script): Connection {
  let unwatch = (): void => undefined;
  return {
    revision: LEGACY_REVISIONS[0],
    digest,
    ask: askerOf(runner, maxBytes),
    watch: (outdated) => {
      unwatch = watchStamp(path, stamp, LOOK_MS, outdated);
    },
    close: async () => {
      unwatch();
      await runner.close();
    },
  };
}

function askerOf(runner: Runner, maxBytes: number): Connection["ask"] {
  return async (method, params, withinMs) => {
    try {
      return readText(await runner.run(method, JSON.stringify(params ?? {}), withinMs), maxBytes);
    } catch (error) {
      if (error === OVERRUN) return { kind: "failed", failure: "timeout", reason: "it did not answer in time" };
      return { kind: "failed", failure: "down", reason: messageOf(error) };
    }
  };
}

/** It is read as if it came over a wire, so that it is held to the same. */
function readText(text: string, maxBytes: number): Reply {
  if (text.length > maxBytes) return { kind: "failed", failure: "size", reason: "its answer is too long" };
  const read = readEnvelope(Buffer.from(text), DEPTH);
  if (read.kind === "result" || read.kind === "error") return replyOf(read);
  const reason = read.kind === "malformed" ? read.reason : "it is no answer";
  return { kind: "failed", failure: "malformed", reason: `its answer is malformed: ${reason}` };
}
