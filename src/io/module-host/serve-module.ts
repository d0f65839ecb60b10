// Puts a policy to work as a module: it is loaded, kept up to date, and answers at one door.
import type { Readable, Writable } from "node:stream";
import { createPolicyStore } from "../../engine/policy-store.ts";
import type { DecisionLog } from "../log/decision-log.ts";
import { createEvaluator } from "../evaluation/evaluator.ts";
import { PolicyKeeper } from "../rules/policy-keeper.ts";
import { NOTHING_SAID } from "../settings/settings.ts";
import { createStore } from "../store/create-store.ts";
import { type ModuleDoor, openHttpDoor, openStdioDoor } from "./doors.ts";
import { RulesHost } from "./rules-host.ts";
import { messageOf } from "../thrown.ts";

export interface ServeModuleOptions {
  /** Files or folders, absolute. */
  readonly rules: readonly string[];
  readonly log: DecisionLog;
  readonly at:
    | { readonly input: Readable; readonly output: Writable }
    | { readonly host: string; readonly port: number };
}

export interface ServedModule extends Pick<ModuleDoor, "url" | "ended"> {
  readonly revision: string;
  close(): Promise<void>;
}

/** A text says why there is no policy, and what to write. */
export async function serveModule({ rules, log, at }: ServeModuleOptions): Promise<ServedModule | string> {
  const [evaluator, store, memory] = [createEvaluator(), createPolicyStore(), await createStore()];
  const keeper = new PolicyKeeper({ settings: NOTHING_SAID, started: [], rules, evaluator, store, log });
  const end = async (): Promise<void> => void (await Promise.all([evaluator.close(), memory.close()]));
  const refusal = await keeper.start();
  if (refusal !== undefined) {
    await end();
    return refusal;
  }
  const host = new RulesHost({ store, answerers: { evaluator, store: memory }, log });
  const door = await openDoor(host, at).catch(sayWhyNot);
  if (typeof door === "string") {
    await end();
    return door;
  }
  for (const text of limitations(store.current()?.policy.policy.rules ?? [])) log.report("warn", text);
  let offered = JSON.stringify(host.offers());
  const watcher = keeper.watch(() => {
    const now = JSON.stringify(host.offers());
    if (now !== offered) door.changed();
    offered = now;
  });
  const close = async (): Promise<void> => {
    await Promise.all([watcher.close(), door.close()]);
    await end();
  };
  return { url: door.url, ended: door.ended, revision: keeper.revision(), close };
}

async function openDoor(host: RulesHost, at: ServeModuleOptions["at"]): Promise<ModuleDoor> {
  return "port" in at ? openHttpDoor(host, at) : openStdioDoor(host, at.input, at.output);
}

function sayWhyNot(error: unknown): string {
  return `error: it cannot listen there: ${messageOf(error)}`;
}

type Rules = NonNullable<ReturnType<ReturnType<typeof createPolicyStore>["current"]>>["policy"]["policy"]["rules"];

function limitations(rules: Rules): readonly string[] {
  const with_ = (kinds: readonly string[]): string =>
    rules
      .filter(({ transforms }) => transforms.some(({ kind }) => kinds.includes(kind)))
      .map(({ id }) => `\`${id}\``)
      .join(", ");
  const [renaming, calling] = [with_(["rename"]), with_(["call", "translate"])];
  return [
    ...(renaming === "" ? [] : [`a module cannot rename: ${renaming} does nothing here`]),
    ...(calling === "" ? [] : [`nobody else is asked from here: ${calling} fails, and refuses what it is about`]),
  ];
}
