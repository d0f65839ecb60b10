// What was translated before: in memory, and of what holds nobody's data, in a file that only grows until it is written anew.
import { createReadStream } from "node:fs";
import { appendFile, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { LRUCache } from "lru-cache";
import type { TranslationLimits } from "./translation-settings.ts";
import { codeOf } from "../thrown.ts";

/** By a key that says all that an answer depends on; so it never gets old. */
export interface Remembered {
  readonly key: string;
  /** With marks as `tokenMark` makes them. */
  readonly answer: string;
  /** Of the translator. */
  readonly name: string;
}

type Limits = Pick<TranslationLimits, "memoryEntries" | "memoryBytes" | "fileBytes">;

/** What was not believed is not asked again for so long: 1 h. */
const REFUSED_MS = 3_600_000;

export class TranslationMemory {
  private readonly known: LRUCache<string, Remembered>;
  private readonly refused: LRUCache<string, true>;
  private readonly file: MemoryFile | undefined;
  /** Resolves when all that the file holds is known; changes once, when it is opened. */
  loaded: Promise<void> = Promise.resolve();

  private constructor({ memoryEntries, memoryBytes }: Limits, file: MemoryFile | undefined) {
    this.known = new LRUCache({
      max: memoryEntries,
      maxSize: memoryBytes,
      sizeCalculation: ({ key, answer }) => 64 + 2 * (key.length + answer.length),
    });
    this.refused = new LRUCache({ max: 10_000, ttl: REFUSED_MS });
    this.file = file;
  }

  /**
   * `path` undefined: nothing is kept on disk. Nobody waits here for what the file holds: it may be large. `report`: it
   * cannot be used; translations go on without it.
   */
  static open(path: string | undefined, limits: Limits, report: (text: string) => void): TranslationMemory {
    const memory = new TranslationMemory(
      limits,
      path === undefined ? undefined : new MemoryFile(path, limits.fileBytes, report),
    );
    if (path !== undefined) memory.loaded = memory.load(path, report);
    return memory;
  }

  get(key: string): string | undefined {
    return this.known.get(key)?.answer;
  }

  isRefused(key: string): boolean {
    return this.refused.has(key);
  }

  keep(entry: Remembered, isOnDisk: boolean): void {
    this.known.set(entry.key, entry);
    // The oldest first, so that what was used last is read last, and stays.
    if (isOnDisk) this.file?.append(entry, () => [...this.known.rvalues()].filter((one) => one !== undefined));
  }

  refuse(key: string): void {
    this.refused.set(key, true);
  }

  private async load(path: string, report: (text: string) => void): Promise<void> {
    try {
      for await (const entry of readEntries(path)) if (!this.known.has(entry.key)) this.known.set(entry.key, entry);
    } catch (error) {
      report(`what was translated before is not known: ${path} cannot be read (${codeOf(error) ?? String(error)})`);
    }
  }

  /** Resolves when all is written. */
  async close(): Promise<void> {
    await this.loaded;
    await this.file?.settled();
  }
}

/** Takes out what one translator said. How many that were. */
export async function forget(path: string, name: string): Promise<number> {
  const kept: Remembered[] = [];
  let gone = 0;
  for await (const entry of readEntries(path)) {
    if (entry.name === name) gone += 1;
    else kept.push(entry);
  }
  if (gone > 0) await replace(path, kept);
  return gone;
}

class MemoryFile {
  private readonly path: string;
  private readonly limit: number;
  private readonly report: (text: string) => void;
  private waiting: Remembered[] = [];
  private writing: Promise<void> | undefined;
  private hasFailed = false;
  /** Keys of what may stand in the file: what is only in memory never gets there. */
  private readonly onDisk = new Set<string>();
  private size: number | undefined;

  constructor(path: string, limit: number, report: (text: string) => void) {
    this.path = path;
    this.limit = limit;
    this.report = report;
  }

  append(entry: Remembered, all: () => readonly Remembered[]): void {
    if (this.hasFailed) return;
    this.waiting.push(entry);
    this.writing ??= this.write(all).finally(() => {
      this.writing = undefined;
    });
  }

  async settled(): Promise<void> {
    await this.writing;
  }

  private async write(all: () => readonly Remembered[]): Promise<void> {
    try {
      while (this.waiting.length > 0) await this.writeSome(all);
    } catch (error) {
      this.hasFailed = true;
      this.waiting = [];
      this.report(`translations are not kept: ${this.path} cannot be written (${codeOf(error) ?? String(error)})`);
    }
  }

  private async writeSome(all: () => readonly Remembered[]): Promise<void> {
    const entries = this.waiting;
    this.waiting = [];
    for (const { key } of entries) this.onDisk.add(key);
    this.size ??= await sizeOf(this.path);
    const lines = entries.map(lineOf).join("");
    if (this.size + Buffer.byteLength(lines) > this.limit) {
      const before = new Set<string>();
      for await (const { key } of readEntries(this.path)) before.add(key);
      const kept = all().filter(({ key }) => before.has(key) || this.onDisk.has(key));
      this.size = await replace(this.path, kept);
      return;
    }
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    await appendFile(this.path, lines, { mode: 0o600 });
    this.size += Buffer.byteLength(lines);
  }
}

/** Whole or not at all. The size it has then. */
async function replace(path: string, entries: readonly Remembered[]): Promise<number> {
  const draft = `${path}.${process.pid}.new`;
  const text = entries.map(lineOf).join("");
  try {
    await writeFile(draft, text, { mode: 0o600 });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return Buffer.byteLength(text);
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

function lineOf({ key, answer, name }: Remembered): string {
  return `${JSON.stringify({ k: key, a: answer, n: name })}\n`;
}

/** Lines that nobody can read are passed over: one may have been cut off when the machine went down. */
async function* readEntries(path: string): AsyncGenerator<Remembered> {
  if ((await sizeOf(path)) === 0) return;
  for await (const line of createInterface({ input: createReadStream(path, "utf8"), crlfDelay: Infinity })) {
    const entry = entryIn(line);
    if (entry !== undefined) yield entry;
  }
}

function entryIn(line: string): Remembered | undefined {
  try {
    const { k: key, a: answer, n: name } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    if (typeof key !== "string" || typeof answer !== "string" || typeof name !== "string") return undefined;
    return { key, answer, name };
  } catch {
    return undefined;
  }
}
