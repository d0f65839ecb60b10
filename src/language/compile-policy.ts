// From texts to a policy: parse, check and compile everything, or say all that is wrong with it.
import { namesInLock, type CatalogueLock } from "../mcp/catalogue-lock.ts";
import type { JsonValue } from "../mcp/json.ts";
import { hasErrors, type Diagnostic } from "../source/diagnostic.ts";
import type { SourceText } from "../source/source-text.ts";
import type { Item, LetItem } from "./tree/ast.ts";
import { checkCollisions } from "./check/check-collisions.ts";
import { checkDatedTests } from "./check/check-dated-tests.ts";
import { checkSettingsNames } from "./check/check-settings-names.ts";
import { checkItem } from "./check/check-items.ts";
import { checkMocks } from "./check/check-mocks.ts";
import { checkLeaves } from "./check/check-leaves.ts";
import { checkLock } from "./check/check-lock.ts";
import { checkNames } from "./check/check-names.ts";
import { compileDefault, compileException, compileRule } from "./compile/compile-rule.ts";
import { compileTestItem } from "./compile/compile-test.ts";
import type { CompiledPolicy } from "./compiled-policy.ts";
import { resolveLets } from "./lets.ts";
import { lintPolicy } from "./lint/lint-policy.ts";
import { parseFile, type ParsedFile } from "./parse-file.ts";
import { serversNamed, tagsRead } from "./policy-mentions.ts";
import { shownOf } from "./shown.ts";
import { BOUND_NAMES, type KnownModule, type KnownTranslator, type Scope } from "./scope.ts";

export interface CompileContext {
  /** Names in the settings file; given, a literal server name that is not among them is an error. */
  readonly servers?: readonly string[];
  /** Names of the sinks in the settings file, besides `main`; given, `log to` another one is an error. */
  readonly sinks?: readonly string[];
  /** Modules in the settings file; given, `call` of another one is an error. */
  readonly modules?: readonly KnownModule[];
  /** Translators in the settings file; given, `using` another one is an error. */
  readonly translators?: readonly KnownTranslator[];
  /** Profiles in the settings file, where it has some; given, `for profile` of another one is an error. */
  readonly profiles?: readonly string[];
  /** False: the settings have no `auth`, so whoever comes in is nobody in particular. */
  readonly hasUsers?: boolean;
  /** What the servers had when `mcprules lock` looked: then what a policy names has to be there. */
  readonly lock?: CatalogueLock;
  /** Milliseconds since 1970: which exceptions have expired. */
  readonly now: number;
}

export interface CompileOutcome {
  /** `undefined` as soon as one diagnostic is an error. */
  readonly policy: CompiledPolicy | undefined;
  /** In the order of files and places. */
  readonly diagnostics: readonly Diagnostic[];
}

/** All files of one policy, in the order that rules count in. */
export function compilePolicy(files: readonly SourceText[], context: CompileContext): CompileOutcome {
  const parsed = files.map(parseFile);
  const diagnostics = parsed.flatMap((file) => file.diagnostics);
  const items = parsed.flatMap((file) => file.items);
  const scope = scopeOf(parsed, context, (diagnostic) => diagnostics.push(diagnostic));
  checkPolicy(parsed, scope);
  if (context.lock !== undefined) checkLock(items, context.lock, scope);
  const policy = hasErrors(diagnostics) ? undefined : compileItems(items, scope);
  if (policy !== undefined) lintPolicy(items, policy, scope);
  return { policy, diagnostics: shownOf(diagnostics, files) };
}

function scopeOf(files: readonly ParsedFile[], context: CompileContext, report: Scope["report"]): Scope {
  const { lets, diagnostics } = resolveLets(files.flatMap((file) => file.items).filter(isLet));
  for (const diagnostic of diagnostics) report(diagnostic);
  const broken = files
    .flatMap((file) => file.broken)
    .flatMap((item) => (item.kind === "let" && item.name !== undefined ? [item.name] : []));
  return {
    sources: new Map(files.map(({ source }) => [source.path, source])),
    lets,
    brokenLets: new Set(broken),
    variables: new Set([...BOUND_NAMES, ...lets.keys(), ...broken]),
    expressions: new Map(),
    compiled: new Map(),
    patterns: new Map(),
    servers: context.servers ?? serversOf(context.lock),
    sinks: context.sinks,
    modules: context.modules?.map((one) => withDeclared(one, context.lock)),
    translators: context.translators,
    profiles: context.profiles,
    hasUsers: context.hasUsers,
    lock: context.lock,
    now: context.now,
    report,
  };
}

/** Where the settings do not say what it does, what it declared does. */
function withDeclared(known: KnownModule, lock: CatalogueLock | undefined): KnownModule {
  const declared = lock?.modules?.get(known.name);
  if (known.isValidator !== undefined || declared === undefined) return known;
  return { ...known, isValidator: declared.every(({ type }) => type === "validation") };
}

function serversOf(lock: CatalogueLock | undefined): readonly string[] | undefined {
  return lock && namesInLock(lock);
}

function isLet(item: Item): item is LetItem {
  return item.kind === "let";
}

function checkPolicy(files: readonly ParsedFile[], scope: Scope): void {
  checkNames(files, scope);
  const items = files.flatMap((file) => file.items);
  checkSettingsNames(items, scope);
  checkCollisions(items, scope);
  const rules = new Map(items.flatMap((item) => (item.kind === "rule" ? [[item.id.text, item] as const] : [])));
  for (const item of items) {
    checkLeaves(item, scope);
    checkItem(item, rules, scope);
  }
  checkDatedTests(items, rules, scope);
  checkMocks(files, scope);
  for (const item of files.flatMap((file) => file.remnants)) {
    checkLeaves(item, scope);
    checkItem(item, rules, scope, true);
  }
}

function compileItems(items: readonly Item[], scope: Scope): CompiledPolicy {
  const rules = items.flatMap((item) => (item.kind === "rule" ? [item] : []));
  return {
    rules: rules.map((rule, order) => compileRule(rule, order, scope)),
    defaults: items.flatMap((item) => (item.kind === "default" ? [compileDefault(item, scope)] : [])),
    exceptions: items.flatMap((item) => (item.kind === "exception" ? [compileException(item, scope)] : [])),
    tests: items.flatMap((item) => (item.kind === "test" ? [compileTestItem(item, scope)] : [])),
    bindings: bindingsOf(scope),
    serversNamed: serversNamed(items, scope),
    tagsRead: tagsRead(items, scope),
  };
}

function bindingsOf(scope: Scope): Readonly<Record<string, JsonValue>> {
  const bound = [...scope.lets].flatMap(([name, known]) =>
    known.kind === "expression" || known.value === undefined ? [] : [[name, known.value] as const],
  );
  return Object.fromEntries(bound);
}
