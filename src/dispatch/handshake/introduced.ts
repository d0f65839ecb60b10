// What a server says of itself in its handshake, read after the rules; and whether that is still what its client was told of it.
import type { Content } from "../../engine/decision.ts";
import type { JsonValue } from "../../mcp/json.ts";
import { isJsonArray, isJsonObject } from "../../mcp/json.ts";
import { LEGACY_REVISIONS, MODERN_REVISIONS } from "../../mcp/revisions.ts";
import { parseContent } from "../../message/content.ts";
import type { ResultEnvelope } from "../../message/envelope.ts";
import type { Judged } from "../judge.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Introduction, ServerLink } from "../peers/server-link.ts";
import { taskForm } from "../tasks/form.ts";
import { passable } from "./greeting.ts";

/** A text says why it cannot be used. */
export function introducedBy(
  session: ClientSession,
  link: ServerLink,
  reply: ResultEnvelope,
  { decision, before }: Judged,
): Introduction | string {
  if (decision.verdict !== "allow") return `the policy refuses its handshake: ${decision.reason ?? "no reason given"}`;
  if (before !== undefined) return introducedIn(session, link, decision.content);
  if (link.joint === undefined) return introducedIn(session, link, parseContent(reply));
  const known = INTRODUCED.get(reply) ?? introducedIn(session, link, parseContent(reply));
  INTRODUCED.set(reply, known);
  return known;
}

/** Of a handshake nothing can be taken back: whoever was told of it by what an earlier one had said may wonder. */
export function differencesOf(told: Introduction, said: Introduction): readonly string[] {
  const gone = Object.keys(told.capabilities).filter((key) => !Object.hasOwn(said.capabilities, key));
  const added = Object.keys(said.capabilities).filter((key) => !Object.hasOwn(told.capabilities, key));
  return [
    ...gone.map((key) => `it has no \`${key}\` any more`),
    ...added.map((key) => `it has \`${key}\` now`),
    ...(told.instructions === said.instructions ? [] : ["its instructions are others"]),
  ];
}

/** What servers that sessions share said of themselves, where no rule looked into it: the same to each session. */
const INTRODUCED = new WeakMap<ResultEnvelope, Introduction | string>();

function introducedIn(session: ClientSession, link: ServerLink, { result }: Content): Introduction | string {
  const introduced = link.era === "modern" ? discoveryOf(result) : introductionOf(result);
  if (introduced === undefined) return "it settled on a revision of MCP that the proxy does not speak";
  return { ...introduced, capabilities: passable(introduced.capabilities, taskForm(session, link)) };
}

/** `undefined`: it speaks no revision that the proxy speaks. */
function discoveryOf(result: JsonValue | undefined): Introduction | undefined {
  if (!isJsonObject(result)) return undefined;
  const { supportedVersions, capabilities, instructions } = result;
  const offered = isJsonArray(supportedVersions) ? supportedVersions : [];
  const protocol = MODERN_REVISIONS.find((revision) => offered.includes(revision));
  return protocol === undefined ? undefined : introductionWith(protocol, capabilities, instructions);
}

function introductionOf(result: JsonValue | undefined): Introduction | undefined {
  if (!isJsonObject(result)) return undefined;
  const { protocolVersion, capabilities, instructions } = result;
  const protocol = LEGACY_REVISIONS.find((revision) => revision === protocolVersion);
  return protocol === undefined ? undefined : introductionWith(protocol, capabilities, instructions);
}

function introductionWith(
  protocol: string,
  capabilities: JsonValue | undefined,
  instructions: JsonValue | undefined,
): Introduction {
  return {
    protocol,
    capabilities: isJsonObject(capabilities) ? capabilities : {},
    instructions: typeof instructions === "string" ? instructions : undefined,
  };
}
