// Generated cases are the same in every run, so that what failed fails again; `MCPRULES_SEED=7 npm test` tries others.
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["MCPRULES_SEED"] ?? 20_261_125) });
