// Why an expression failed, in words for a record: what the package says, without the values it was about.
import { LimitExceeded } from "../../expression/jsonata/jsonata-limits.ts";

const LONGEST_REASON = 300;

export function failureReason(error: unknown): string {
  if (error instanceof LimitExceeded) return cut(`the expression was stopped: ${error.message}`);
  if (error instanceof Error) return cut(`the expression failed: ${error.message}`);
  const { code, message } = fieldsOf(error);
  return cut(`the expression failed: ${code === undefined ? "" : `${code}: `}${withoutValues(message, error)}`);
}

function fieldsOf(error: unknown): { readonly code: string | undefined; readonly message: string } {
  const fields = typeof error === "object" && error !== null ? error : {};
  return {
    code: "code" in fields && typeof fields.code === "string" ? fields.code : undefined,
    message: "message" in fields ? String(fields.message) : "no reason was given",
  };
}

/** The package fills them in as JSON. They come from messages and may be secrets. */
function withoutValues(message: string, error: unknown): string {
  const fields = typeof error === "object" && error !== null ? error : {};
  return Object.entries(fields)
    .filter(([name]) => name === "value" || name === "value2" || name === "exp")
    .map(([, value]: [string, unknown]) => JSON.stringify(value))
    .reduce((text, json) => text.replaceAll(json, "…"), message);
}

function cut(text: string): string {
  return text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON)}…` : text;
}
