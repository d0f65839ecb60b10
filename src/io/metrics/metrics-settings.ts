// What the settings say of metrics: where Prometheus finds them.

export interface MetricsSettings {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly path: string;
  /** Serve on an address that others can reach. */
  readonly anyone: boolean;
}
