// One event in, commands out: everything the dispatcher is told and everything it asks the world to do.
import type { DecisionRecord } from "../engine/decision-record.ts";
import type { Answer, LogLine, Need } from "../engine/decision.ts";
import type { Principal } from "../engine/facts.ts";
import type { LoggedMessage } from "../engine/telling/logged-message.ts";
import type { TranslationRequest } from "../engine/need.ts";
import type { JsonObject, JsonValue } from "../mcp/json.ts";
import type { Batch, Envelope, Malformed, RequestEnvelope } from "../message/envelope.ts";
import type { StoreAnswer, StoreNeed } from "./gates/store-need.ts";

/** A client connection, opaque and never reused while the proxy runs. */
export type ClientId = string;

/** One whole JSON-RPC message without its line end, in pieces that are written one after the other. */
export type MessageBytes = readonly Buffer[];

/** A rule needs to know something, or the dispatcher itself: what is remembered between messages. */
export type Asks = Need | { readonly kind: "store"; readonly store: StoreNeed } | ClientSaid;
export type Told = Answer | { readonly kind: "store"; readonly answer: StoreAnswer } | AskClient;

/** In place of a translation: the client's own model is the translator, and has to be asked this first. */
export interface AskClient {
  readonly kind: "ask-client";
  /** What it is asked, as a digest: the same whenever the same is to be translated for the same. */
  readonly about: string;
  /** Of `sampling/createMessage`. */
  readonly params: JsonObject;
  readonly withinMs: number;
}

/** What came of it. */
export interface ClientSaid {
  readonly kind: "client-said";
  readonly translation: TranslationRequest;
  readonly word: ClientsWord;
}

export type ClientsWord =
  /** `isOnlyHere`: others talk under the same name, and are to notice nothing of it. */
  | { readonly kind: "said"; readonly isOnlyHere: boolean; readonly result: JsonValue }
  /** It refused, or gave no answer in time. */
  | { readonly kind: "silent"; readonly isOnlyHere: boolean }
  /** It cannot be asked about this. */
  | { readonly kind: "not-asked" };

export type Event =
  | {
      readonly kind: "client-opened";
      readonly client: ClientId;
      readonly user: Principal["user"];
      readonly profile: string | undefined;
      /** That it reads, as far as its door tells, the best first. */
      readonly languages?: Principal["languages"];
    }
  /** One framed message, as it came. */
  | {
      readonly kind: "client-message";
      readonly client: ClientId;
      readonly bytes: Buffer;
      /**
       * Over HTTP: the request it came on, whose response carries what belongs to it. Never given twice. In the modern
       * era every message comes on one of its own.
       */
      readonly stream?: number | undefined;
      /** Where the bytes have been read before. */
      readonly read?: Envelope | Batch | Malformed | undefined;
      /** Over HTTP, the modern era: the `mcp-param-*` headers beside it, by lower-case name, to be compared with its arguments. */
      readonly headers?: Readonly<Record<string, string>> | undefined;
    }
  /** The same user as before, with what a newer token says of its groups and claims. */
  | { readonly kind: "client-known"; readonly client: ClientId; readonly user: Principal["user"] }
  /** The client does not listen on this stream any more. In the modern era that cancels what was asked on it. */
  | { readonly kind: "stream-closed"; readonly client: ClientId; readonly stream: number }
  /** A frame that was too long to be kept: its first and last bytes, to find its id in. */
  | { readonly kind: "client-oversize"; readonly client: ClientId; readonly start: Buffer; readonly end: Buffer }
  /** It says no more and still listens: what it asked is answered, for `patienceMs` at most; then comes `client-done`. */
  | { readonly kind: "client-ended"; readonly client: ClientId; readonly patienceMs: number }
  | { readonly kind: "client-closed"; readonly client: ClientId }
  /** The server's process runs (or its connection stands); nothing was sent to it yet. */
  | { readonly kind: "server-opened"; readonly client: ClientId; readonly server: string }
  | {
      readonly kind: "server-message";
      readonly client: ClientId;
      readonly server: string;
      readonly bytes: Buffer;
      /** Over HTTP: our id (raw JSON text) of the request on whose response it came. */
      readonly about?: string | undefined;
      /** Where the bytes have been read before. */
      readonly read?: Envelope | Batch | Malformed | undefined;
    }
  /** Over HTTP: what it was asked under our id `about` (raw JSON text) will have no answer. `reason` is for people. */
  | {
      readonly kind: "server-unanswered";
      readonly client: ClientId;
      readonly server: string;
      readonly about: string;
      readonly reason: string;
      /** `legacy`: what came in the place of an answer tells a server that does not speak the modern era. */
      readonly evidence?: "legacy" | undefined;
    }
  /** Over HTTP: its session had ended, and a new one stands, greeted as before, which knows nothing of the old one. */
  | { readonly kind: "server-renewed"; readonly client: ClientId; readonly server: string }
  | {
      readonly kind: "server-oversize";
      readonly client: ClientId;
      readonly server: string;
      readonly start: Buffer;
      readonly end: Buffer;
    }
  /** It has not taken what it was sent for a while, or takes it again. */
  | { readonly kind: "server-stuck"; readonly client: ClientId; readonly server: string; readonly isStuck: boolean }
  /** It could not be started, or it ended. `reason` is for people: `exited with code 1`. */
  | { readonly kind: "server-closed"; readonly client: ClientId; readonly server: string; readonly reason: string }
  | { readonly kind: "need-answered"; readonly need: number; readonly answer: Told }
  /** The policy store holds another revision now. */
  | { readonly kind: "policy-changed" }
  /** Somebody at the machine says so; `by`: who. It never comes over MCP. */
  | { readonly kind: "question-decided"; readonly question: string; readonly approves: boolean; readonly by: string }
  | { readonly kind: "timer-fired"; readonly timer: number };

export type Command =
  | {
      readonly kind: "to-client";
      readonly client: ClientId;
      readonly bytes: MessageBytes;
      /** The stream it belongs on; `undefined`: it is no part of any request. */
      readonly stream?: number | undefined;
    }
  /** Whatever came on this stream is answered, as far as it will be. */
  | { readonly kind: "stream-done"; readonly client: ClientId; readonly stream: number }
  /** Nothing more will be sent to this client, which ended: its connection can be closed. */
  | { readonly kind: "client-done"; readonly client: ClientId }
  | {
      readonly kind: "to-server";
      readonly client: ClientId;
      readonly server: string;
      readonly bytes: MessageBytes;
      /** Over HTTP, the modern era: what goes beside this very body. It is sent by itself then, in no session. */
      readonly headers?: Readonly<Record<string, string>> | undefined;
      /** Where it is known to be a request: which. */
      readonly read?: Pick<RequestEnvelope, "id" | "method"> | undefined;
    }
  /** Over HTTP, the modern era: nobody waits any more for what was asked under our id `about` (raw JSON text). */
  | { readonly kind: "abandon"; readonly client: ClientId; readonly server: string; readonly about: string }
  /** Start this server for this client. */
  | { readonly kind: "open-server"; readonly client: ClientId; readonly server: string }
  | { readonly kind: "close-server"; readonly client: ClientId; readonly server: string }
  | { readonly kind: "answer-need"; readonly need: number; readonly asks: Asks }
  | {
      readonly kind: "set-timer";
      readonly timer: number;
      readonly afterMs: number;
      /** Up to so many milliseconds more, at random. */
      readonly spreadMs?: number;
    }
  | { readonly kind: "clear-timer"; readonly timer: number }
  | {
      readonly kind: "record";
      readonly record: DecisionRecord;
      /** When the message came that it is about, as `handle` was told. */
      readonly arrived?: number;
      /** What it is about, where whole messages are logged. */
      readonly message?: LoggedMessage;
    }
  | { readonly kind: "log"; readonly line: LogLine }
  /** Something the operator should know: a server that failed, a name that is hidden. */
  | {
      readonly kind: "report";
      readonly level: "info" | "warn" | "error";
      readonly text: string;
      readonly server?: string;
    };
