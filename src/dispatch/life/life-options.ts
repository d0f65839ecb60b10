// How one server comes and goes: started when, shared or not, started again after how long, and how long it may take for an answer.

export interface ServerLife {
  /** `lazy`: it is started when something is wanted of it. */
  readonly start: "eager" | "lazy";
  /** One for all client sessions, instead of one for each. */
  readonly share: boolean;
  readonly restart: RestartOptions;
  readonly timeout: TimeoutOptions;
}

/** In milliseconds: how long after its end it is started again, and how long at most once it has failed again and again. */
export interface RestartOptions {
  readonly minMs: number;
  readonly maxMs: number;
}

export interface TimeoutOptions {
  readonly otherwiseMs: number;
  readonly byMethod: ReadonlyMap<string, number>;
}

export const DEFAULT_LIFE: ServerLife = {
  start: "eager",
  share: false,
  restart: { minMs: 500, maxMs: 30_000 },
  timeout: { otherwiseMs: 300_000, byMethod: new Map() },
};
