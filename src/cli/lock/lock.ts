// `mcprules lock`: asks the servers what they have and writes it down, or says how it differs from what was written down.
import { resolve } from "node:path";
import { lockPlaces, readLockFile, shownPath, writeLockFile } from "../../io/lock-file.ts";
import { reasonOf } from "../../io/rules/rules-tree.ts";
import { type Survey, surveyServer } from "../../io/servers/server-survey.ts";
import type { Settings } from "../../io/settings/settings.ts";
import { lockChanges, type LockChange } from "../../inspect/diff/lock-diff.ts";
import { moduleChanges, type ModuleChange } from "../../inspect/diff/module-lock-diff.ts";
import type { CatalogueLock, LockedServer } from "../../mcp/catalogue-lock.ts";
import { paintFor, printable } from "../paint.ts";
import { mergedModules, type ModuleSurvey, surveyModules } from "./lock-modules.ts";
import { type AskedOnes, moduleSummary, renderLockChanges, summaryOf } from "./render-lock.ts";
import { complainOf, settingsFor, type SettingsRequest } from "../settings-for.ts";
import { printJson } from "../print-json.ts";

export interface LockRequest extends SettingsRequest {
  /** Where the rules lie that the lock is for, when there is no settings file. */
  readonly rules?: readonly string[];
  /** Write nothing; the exit code says whether the servers are as the lock says. */
  readonly check?: boolean;
  readonly json?: boolean;
}

/** How long a server may take to start and to say what it has; `npx` may have to fetch it first. */
const PATIENCE_MS = 60_000;

/** The exit code: 0 written, or as it was; 1 with `--check` something differs, or a server could not be asked. */
export async function lock(request: LockRequest): Promise<number> {
  const settings = await settingsFor(request, "mcprules lock -- COMMAND ARG…");
  if (typeof settings === "number") return settings;
  if (settings.file !== undefined && request.rules !== undefined) return complainOf(RULES_FOR_NOTHING, 2);
  const places = lockPlaces({ settings: settings.file, rules: rulesOf(request) });
  const known = readLockFile(places);
  const isCheck = request.check === true;
  if (known.kind === "damaged")
    process.stderr.write(isCheck ? known.report : known.report.replace(/^error/, "warning"));
  if (isCheck && known.kind === "none") return complainOf(sayNoLock(places), 1);
  if (isCheck && known.kind === "damaged") return 1;
  const before = known.kind === "lock" ? known.lock : NOTHING;
  const [asked, modules] = await Promise.all([surveyAll(settings), surveyModules(settings.modules)]);
  const outcome = {
    path: known.kind === "none" ? (places[0] ?? "") : known.path,
    asked,
    after: { ...mergedLock(before, asked), modules: mergedModules(before.modules, modules) },
  };
  const changes = lockChanges(before, outcome.after);
  const ofModules = moduleChanges(before.modules, outcome.after.modules);
  for (const failed of asked) tellFailure(failed, before, isCheck);
  for (const failed of modules) tellModuleFailure(failed);
  const unwritten = isCheck ? undefined : writeOut(outcome);
  if (unwritten !== undefined) return complainOf(unwritten, 1);
  const told = known.kind === "lock" ? { changes, ofModules } : { changes: [], ofModules: [] };
  report(request, { ...outcome, ...told, modules });
  const isWhole =
    asked.every(({ survey }) => survey.kind === "server") && modules.every((one) => "interceptors" in one);
  return isWhole && !(isCheck && changes.length + ofModules.length > 0) ? 0 : 1;
}

const RULES_FOR_NOTHING = `error: \`--rules\` says where the lock lies when there is no settings file
   = help: leave it out: the lock lies beside the settings`;

const NOTHING: CatalogueLock = { servers: new Map() };

interface Asked {
  readonly server: string;
  readonly survey: Survey;
}

interface Outcome {
  /** Of the lock. */
  readonly path: string;
  readonly asked: readonly Asked[];
  readonly modules: readonly ModuleSurvey[];
  readonly after: CatalogueLock;
  readonly changes: readonly LockChange[];
  readonly ofModules: readonly ModuleChange[];
}

/** Without a settings file: as given, else this folder. */
function rulesOf({ rules = ["."] }: LockRequest): readonly string[] {
  return rules.map((path) => resolve(path));
}

async function surveyAll(settings: Settings): Promise<readonly Asked[]> {
  return Promise.all(
    settings.servers.map(async (server) => ({
      server: server.name,
      survey: await surveyServer(server, settings, PATIENCE_MS),
    })),
  );
}

/**
 * What could not be asked stays as it was written down, or is named; what the settings name no more is left out, but not by a lock
 * that learned nothing: it may be of other servers, and a slip of who typed it.
 */
function mergedLock(before: CatalogueLock, asked: readonly Asked[]): CatalogueLock {
  const hasLearned = asked.length === 0 || asked.some(({ survey }) => survey.kind === "server");
  if (!hasLearned && before.servers.size > 0) return before;
  const servers = asked.flatMap(({ server, survey }): readonly (readonly [string, LockedServer])[] => {
    const locked = survey.kind === "server" ? survey.server : before.servers.get(server);
    return locked === undefined ? [] : [[server, locked]];
  });
  const known = new Map(servers);
  return { servers: known, unasked: asked.map(({ server }) => server).filter((name) => !known.has(name)) };
}

/** A text says why it cannot be written. */
function writeOut({ path, after }: Pick<Outcome, "path" | "after">): string | undefined {
  try {
    writeLockFile(path, after);
    return undefined;
  } catch (error) {
    return `error: \`${shownPath(path)}\` cannot be written: ${reasonOf(error)}`;
  }
}

function tellFailure({ server, survey }: Asked, before: CatalogueLock, isCheck: boolean): void {
  if (survey.kind === "server") return;
  const { reason, said } = survey;
  const cure = before.servers.has(server)
    ? "what the lock says of it stays as it was"
    : "the lock says nothing of it: rules about it are not checked against its tools";
  const lines = [
    `error: the server \`${server}\` cannot be asked what it has: ${printable(reason)}`,
    ...said.map((line) => `   | ${printable(line)}`),
    ...(isCheck ? [] : [`   = help: ${cure}`]),
  ];
  process.stderr.write(`${lines.join("\n")}\n`);
}

function sayNoLock(places: readonly string[]): string {
  const where = places.map((path) => `\`${shownPath(path)}\``).join(", ");
  return `error: there is no lock to compare with: ${where}\n   = help: \`mcprules lock\` writes one`;
}

function tellModuleFailure(survey: ModuleSurvey): void {
  if (!("reason" in survey)) return;
  process.stderr.write(
    `error: the module \`${survey.module}\` cannot be asked what it declares: ${printable(survey.reason)}\n`,
  );
}

function report(
  { check = false, json = false }: LockRequest,
  { path, asked, modules: surveys, after, changes, ofModules }: Outcome,
): void {
  if (json) {
    const failed = asked.flatMap(({ server, survey }) =>
      survey.kind === "failed" ? [{ server, reason: survey.reason }] : [],
    );
    const modules =
      after.modules === undefined ? {} : { modules: moduleSummary(after.modules), moduleChanges: ofModules };
    const document = { lock: shownPath(path), servers: summaryOf(after), changes, ...modules, failed };
    printJson(document);
    return;
  }
  const lines = renderLockChanges(
    { path: shownPath(path), isCheck: check, lock: after, changes, ofModules, asked: askedOnes(asked, surveys) },
    paintFor(process.stdout),
  );
  process.stdout.write(`${lines.join("\n")}\n`);
}

function askedOnes(servers: readonly Asked[], modules: readonly ModuleSurvey[]): readonly AskedOnes[] {
  const silentServers = servers.filter(({ survey }) => survey.kind === "failed").map(({ server }) => server);
  const silentModules = modules.filter((survey) => "reason" in survey).map(({ module }) => module);
  return [
    { kind: "server", count: servers.length, silent: new Set(silentServers) },
    { kind: "module", count: modules.length, silent: new Set(silentModules) },
  ];
}
