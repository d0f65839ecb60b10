// What stands before the body of a request, as text (HTTP/1.1, RFC 9112).
import { FIELD_NAME } from "../../http-field.ts";
import type { HttpRequest } from "../http-request.ts";

type Headers = HttpRequest["headers"];

interface Beginning {
  readonly method: string;
  readonly url: URL;
  readonly text: string;
}

/** Anything else could end the header, and begin another one. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const BEGINNINGS = new WeakMap<Headers, Beginning>();

/** To be sent as Latin-1. `undefined`: there is a header that cannot be sent. */
export function requestHead({ method, url, headers, body }: HttpRequest): string | undefined {
  const text = beginningOf(method, url, headers);
  if (text === undefined) return undefined;
  if (body === undefined && method !== "POST") return `${text}\r\n`;
  return `${text}content-length: ${body?.length ?? 0}\r\n\r\n`;
}

/** Requests of one session differ in nothing but their bodies. */
function beginningOf(method: string, url: URL, headers: Headers): string | undefined {
  const known = BEGINNINGS.get(headers);
  if (known?.url === url && known.method === method) return known.text;
  const fields = Object.entries(headers);
  if (!fields.every(([name, value]) => FIELD_NAME.test(name) && FIELD_VALUE.test(value))) return undefined;
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const text = `${method} ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\n${lines}connection: keep-alive\r\n`;
  BEGINNINGS.set(headers, { method, url, text });
  return text;
}
