// What went wrong between us and a server over HTTP, in one clause for people: what it is, and what to do.
import { codeOf } from "../thrown.ts";

/** Where it is, without what may be secret in its query. */
export function placeOf({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

export function failureOf(error: Error, url: URL): string {
  const code = codeOf(error) ?? "";
  const known = CODES[code];
  if (known !== undefined) return known(url);
  if (code.startsWith("HPE_")) return `what answers at ${placeOf(url)} does not speak HTTP`;
  if (/^(ERR_SSL|ERR_TLS|CERT_|EPROTO)/.test(code)) return `no secure connection to ${url.host} (${code})`;
  return `the connection to ${url.host} failed (${code === "" ? error.name : code})`;
}

const notTrusted = ({ host }: URL): string =>
  `the certificate of ${host} is not trusted: name the file of its authority in \`NODE_EXTRA_CA_CERTS\``;
const noTls = ({ host }: URL): string => `${host} does not speak TLS: is its \`url\` one with \`http:\`?`;
const slow = ({ host }: URL): string => `${host} does not answer: is the \`url\` right, and the network up?`;
const cut = ({ host }: URL): string => `${host} cut the connection`;
const noHost = ({ hostname }: URL): string => `there is no host \`${hostname}\`: is the \`url\` right?`;

const CODES: Readonly<Record<string, (url: URL) => string>> = {
  ECONNREFUSED: ({ host }) => `nothing listens at ${host}: is the server running?`,
  ENOTFOUND: noHost,
  EAI_AGAIN: noHost,
  ETIMEDOUT: slow,
  EHOSTUNREACH: slow,
  ENETUNREACH: slow,
  ECONNRESET: cut,
  EPIPE: cut,
  HPE_HEADER_OVERFLOW: ({ host }) => `${host} sends too many headers`,
  DEPTH_ZERO_SELF_SIGNED_CERT: notTrusted,
  SELF_SIGNED_CERT_IN_CHAIN: notTrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: notTrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: notTrusted,
  CERT_HAS_EXPIRED: ({ host }) => `the certificate of ${host} has expired`,
  ERR_TLS_CERT_ALTNAME_INVALID: ({ host }) => `the certificate at ${host} is for another host`,
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
  EPROTO: noTls,
};

export interface RefusalDetails {
  /** What the server says of it, if anything. */
  readonly said: string | undefined;
  /** What is wrong with the token that it was shown. */
  readonly complaint?: string | undefined;
  /** What to do where it may want OAuth. */
  readonly login?: string | undefined;
}

export function refusalOf(status: number, url: URL, { said, complaint, login = "" }: RefusalDetails): string {
  const why = said === undefined ? "" : ` (${said})`;
  const answered = `${placeOf(url)} answered ${status}${why}`;
  if (complaint !== undefined) return `${answered}: ${complaint}`;
  if (status === 401 || status === 403) return `${answered}: it wants other credentials in \`headers\`${login}`;
  if (status === 404 || status === 405) return `${answered}: is the \`url\` right?`;
  if (status === 429) return `${answered}: it is asked too often`;
  return answered;
}
