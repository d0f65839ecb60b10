// All sessions behind one path: found by id, bound to who opened them, and ended when nobody uses them any more.
import { createHash, randomUUID } from "node:crypto";
import { sortedJson } from "../../mcp/sorted-json.ts";
import { type Claim, objectOf } from "../../message/eras/modern-meta.ts";
import type { ClientChannel, ClientPort } from "../client-port.ts";
import { type Caller, lastingOf } from "./caller.ts";
import type { DoorLimits } from "./door-settings.ts";
import { HttpSession } from "./http-session.ts";
import { ModernSession } from "./modern-session.ts";
import { OldSession } from "./old-session.ts";
import type { ClientResponse } from "./request-and-response.ts";

/** How often sessions are looked in on, and every how many times they are shown signs of life. */
const TEND_MS = 5000;
const LIFE_EVERY = 5;

/** How many claims are known by their words. */
const MOST_WORDS = 200;
/** In characters. Who says more is looked at each time. */
const MOST_OF_WORDS = 4000;

export type AttachCaller = (caller: Caller, channel: ClientChannel) => ClientPort;

/** Where a caller came in. */
interface Place {
  readonly path: string;
  readonly attach: AttachCaller;
}

/** Something that has to be looked in on, and can be ended. */
interface Tended {
  tend(now: number, isTimeForLife: boolean): void;
  isIdleSince(time: number): boolean;
  end(): void;
}

export class Sessions {
  private readonly sessions = new Map<string, Tended>();
  /** What was said of late: the words of a claim are looked at once. */
  private readonly said = new Map<string, { readonly caller: Caller; readonly session: ModernSession }>();
  private readonly limits: DoorLimits;
  private readonly timer: NodeJS.Timeout;
  private ticks = 0;

  constructor(limits: DoorLimits) {
    this.limits = limits;
    this.timer = setInterval(() => this.tend(), Math.min(TEND_MS, Math.ceil(limits.sessionIdleMs / 2)));
  }

  /** `undefined`: there are as many as there may be. */
  open(caller: Caller, attach: AttachCaller): HttpSession | undefined {
    return this.admit(
      (id, ended) =>
        new HttpSession({
          id,
          caller,
          mostHeld: this.limits.inFlight,
          attach: (channel) => attach(caller, channel),
          ended,
        }),
    );
  }

  openOld(caller: Caller, attach: AttachCaller, response: ClientResponse, path: string): OldSession | undefined {
    return this.admit(
      (id, ended) =>
        new OldSession({
          endpoint: `${path}?sessionId=${id}`,
          caller,
          mostHeld: this.limits.inFlight,
          response,
          attach: (channel) => attach(caller, channel),
          ended,
        }),
    );
  }

  /** Where this caller has said the same in the same words before, with the same token: its session. */
  familiar(caller: Caller, { words }: Claim): ModernSession | undefined {
    const found = this.said.get(words);
    return found?.caller === caller && found.session.isOpen ? found.session : undefined;
  }

  /** The session of all who say of themselves what `claim` says, and are this caller; a claim that will do. */
  ofClaim(caller: Caller, claim: Claim, place: Place): ModernSession | undefined {
    const session = this.meet(caller, claim, place);
    const { words } = claim;
    if (this.said.size >= MOST_WORDS) this.said.clear();
    if (session !== undefined && words.length <= MOST_OF_WORDS) this.said.set(words, { caller, session });
    return session;
  }

  private meet(caller: Caller, claim: Claim, { path, attach }: Place): ModernSession | undefined {
    const key = keyOf(path, caller, claim);
    const known = this.sessions.get(key);
    if (known instanceof ModernSession) {
      known.meet(caller);
      return known;
    }
    if (this.sessions.size >= this.limits.sessions) this.makeRoom(caller);
    return this.admit(
      (_id, ended) =>
        new ModernSession({
          caller,
          mostHeld: this.limits.inFlight,
          attach: (channel) => attach(caller, channel),
          ended,
        }),
      key,
    );
  }

  /** Nobody knows of a session of the modern era, so the one of this caller that was not used for longest can go. */
  private makeRoom({ key }: Caller): void {
    const soon = Date.now() + 1;
    let oldest: ModernSession | undefined;
    for (const session of this.sessions.values()) {
      if (!(session instanceof ModernSession) || session.owner !== key || !session.isIdleSince(soon)) continue;
      if (oldest === undefined || session.lastUsed < oldest.lastUsed) oldest = session;
    }
    oldest?.end();
  }

  private admit<T extends Tended>(
    make: (id: string, ended: () => void) => T,
    id: string = randomUUID(),
  ): T | undefined {
    if (this.sessions.size >= this.limits.sessions) return undefined;
    const session = make(id, () => this.sessions.delete(id));
    this.sessions.set(id, session);
    return session;
  }

  /** Another caller's session does not exist. */
  find(id: string, caller: Caller): HttpSession | undefined {
    const session = this.sessions.get(id);
    if (!(session instanceof HttpSession) || session.caller.key !== caller.key) return undefined;
    session.meet(caller);
    return session;
  }

  findOld(id: string, caller: Caller): OldSession | undefined {
    const session = this.sessions.get(id);
    if (!(session instanceof OldSession) || session.caller.key !== caller.key) return undefined;
    session.meet(caller);
    return session;
  }

  end(): void {
    clearInterval(this.timer);
    for (const session of this.sessions.values()) session.end();
  }

  private tend(): void {
    const now = Date.now();
    this.ticks += 1;
    for (const session of this.sessions.values()) {
      session.tend(now, this.ticks % LIFE_EVERY === 0);
      if (session.isIdleSince(now - this.limits.sessionIdleMs)) session.end();
    }
  }
}

/** No id of a session: nobody can ask for one of the modern era by it. */
function keyOf(path: string, caller: Caller, { clientInfo, capabilities }: Claim): string {
  const said = [
    path,
    caller.key,
    lastingOf(caller),
    caller.languages ?? null,
    objectOf(clientInfo) ?? null,
    objectOf(capabilities) ?? null,
  ];
  return createHash("sha256").update(sortedJson(said)).digest("base64");
}
