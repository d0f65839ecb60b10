// What a server that sessions share has said that is the same for each: its answer to the handshake, and its lists. A session that comes later need not ask again.
import type { ListedKind } from "../../mcp/lists.ts";
import { LISTS } from "../../mcp/lists.ts";
import type { ResultEnvelope } from "../../message/envelope.ts";
import type { KnownList } from "../lists/server-list.ts";

export interface ReadList {
  readonly list: KnownList;
  /** When it was read, in milliseconds since 1970. */
  readonly since: number;
}

export class JointMemory {
  /** Of the process that runs now; `undefined` until it is there. */
  introduction: ResultEnvelope | undefined;
  /** Counts what made lists worth nothing: who began to read one before that has read an old one. */
  age = 0;
  private readonly lists = new Map<ListedKind, ReadList>();

  listed(kind: ListedKind): ReadList | undefined {
    return this.lists.get(kind);
  }

  /** `age`: when it was asked for. */
  keep(kind: ListedKind, read: ReadList, age: number): void {
    if (age === this.age) this.lists.set(kind, read);
  }

  /** The server says so; `method`: of its notification. */
  changed(method: string): void {
    this.age += 1;
    for (const { kind, changed } of LISTS) if (changed === method) this.lists.delete(kind);
  }

  forgetLists(): void {
    this.age += 1;
    this.lists.clear();
  }

  forget(): void {
    this.introduction = undefined;
    this.forgetLists();
  }
}
