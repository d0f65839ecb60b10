// What the settings say of traces: where spans are sent, and under which name.

export interface TracesSettings {
  /** OTLP over HTTP, JSON: the whole address, such as `http://127.0.0.1:4318/v1/traces`. */
  readonly url: string;
  /** They may be secret. */
  readonly headers: Readonly<Record<string, string>>;
  /** `service.name` of all spans. */
  readonly service: string;
}
