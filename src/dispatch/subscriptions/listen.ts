// `subscriptions/listen`: a client of the modern era says what it wants to be told, and is told it for as long as the request is open.
import type { ReviewedThing } from "../../engine/facts.ts";
import { INVALID_PARAMS } from "../../mcp/errors.ts";
import { LISTS } from "../../mcp/lists.ts";
import { composeRequest } from "../../message/compose.ts";
import { parseContent } from "../../message/content.ts";
import { readEnvelope, type RequestEnvelope } from "../../message/envelope.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import { mergedCapabilities } from "../handshake/merged-capabilities.ts";
import { whenReady } from "../life/server-life.ts";
import { answerRefused } from "../exchanges/refusing.ts";
import { ownerOf } from "../requests/resource-owner.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { knowsTasks, refuseTasks, takesTasks } from "../tasks/form.ts";
import { ownerOfTask, taskCalled } from "../tasks/sealed-task.ts";
import { type Filter, filterOf, notificationsOf } from "./filter.ts";
import { follow, unfollow, type Wanted } from "./follow.ts";
import type { Followed, FollowedTask, Listener } from "./listeners.ts";
import { listen } from "./server-listening.ts";

/** Resources in one request; more are not listened for. */
const MAX_RESOURCES = 1000;
const MAX_TASKS = 1000;

export function requestListen(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope): void {
  const facts = session.facts("request", envelope.method, "client", undefined);
  session.judge.hear(session.client.lane, { facts, envelope, server: undefined, exchange }, (judged) => {
    const { verdict, content } = judged.decision;
    const { params } = judged.before === undefined ? parseContent(envelope) : content;
    const wanted = filterOf(params);
    if (verdict !== "allow") answerRefused(exchange, facts, judged);
    else if (wanted === undefined) exchange.error(INVALID_PARAMS, "`subscriptions/listen` needs `notifications`");
    else if (wanted.uris.size > MAX_RESOURCES)
      exchange.error(INVALID_PARAMS, `more than ${MAX_RESOURCES} resources to listen for`);
    else if (wanted.tasks.size > MAX_TASKS)
      exchange.error(INVALID_PARAMS, `more than ${MAX_TASKS} tasks to listen for`);
    else if (wanted.tasks.size > 0 && !knowsTasks(exchange)) refuseTasks(exchange);
    else session.catalogue.whenCurrent(() => findAll(session, exchange, wanted));
  });
}

interface Found extends Followed {
  readonly exposed: string;
  readonly link: ServerLink;
  readonly thing: ReviewedThing | undefined;
}

interface FoundTask extends FollowedTask {
  readonly link: ServerLink;
}

/** What can be told, of what the client wants to be told. */
interface Told {
  readonly resources: readonly Found[];
  readonly tasks: readonly FoundTask[];
}

/** What is hidden, or nobody's, is not acknowledged. */
function findAll(session: ClientSession, exchange: Exchange, wanted: Filter, asked = NOBODY): void {
  if (!exchange.isWanted) return;
  const late = ownersOf(session, wanted).find((link) => isLate(link) && !asked.has(link));
  if (late !== undefined) {
    // Who does not come in time tells of nothing.
    const part = exchange.part((answer) => {
      if (answer !== undefined) findAll(session, exchange, wanted, new Set([...asked, late]));
    });
    whenReady(session, late, part, () => findAll(session, exchange, wanted, asked));
    return;
  }
  const found = [...wanted.uris].flatMap((exposed) => foundOf(session, exposed)).filter(({ link }) => !isLate(link));
  const tasks = [...wanted.tasks].flatMap((exposed) => taskOf(session, exchange, exposed));
  judgeAll(session, found, (resources) =>
    followAll(session, { resources, tasks }, (told) => begin(session, exchange, wanted, told)),
  );
}

const NOBODY: ReadonlySet<ServerLink> = new Set();

function ownersOf(session: ClientSession, { uris, tasks }: Filter): readonly ServerLink[] {
  const ofUris = [...uris].flatMap((exposed) => foundOf(session, exposed)).map(({ link }) => link);
  return [...ofUris, ...[...tasks].flatMap((exposed) => ownerOfTask(session, exposed) ?? [])];
}

/** What it has is only remembered, and nothing is judged by that. */
function isLate(link: ServerLink): boolean {
  return link.isExpected || link.list("resource").isRecalled;
}

function taskOf(session: ClientSession, exchange: Exchange, exposed: string): readonly FoundTask[] {
  const link = ownerOfTask(session, exposed);
  if (link === undefined || !link.isReady || !takesTasks(session, link, exchange)) return [];
  const task = taskCalled(session, exposed);
  return task === undefined ? [] : [{ server: link.name, own: task.own, exposed, link }];
}

function foundOf(session: ClientSession, exposed: string): readonly Found[] {
  const isListed = session.catalogue.find("resource", exposed) !== undefined;
  if (!isListed && session.catalogue.findHidden("resource", exposed) !== undefined) return [];
  const owner = ownerOf(session, exposed);
  if (owner === undefined) return [];
  const { link, own, thing } = owner;
  return [{ exposed, server: link.name, uri: own, link, thing }];
}

/** Each is judged as the subscription it is, so that one rule on `resources/subscribe` holds in both eras. */
function judgeAll(session: ClientSession, found: readonly Found[], then: (allowed: readonly Found[]) => void): void {
  const allowed: Found[] = [];
  let missing = found.length;
  if (missing === 0) then(allowed);
  for (const one of found) {
    const { link, uri, thing } = one;
    const bytes = composeRequest("0", "resources/subscribe", { uri });
    const envelope = readEnvelope(bytes, session.options.limits);
    const facts = session.facts("request", "resources/subscribe", "client", link.name, uri, "resource");
    if (envelope.kind !== "request") throw new Error("a subscription that was composed is no request");
    session.judge.hear(session.client.lane, { facts, envelope, server: link.options, thing }, ({ decision }) => {
      if (decision.verdict === "allow") allowed.push(one);
      missing -= 1;
      if (missing === 0) then(allowed);
    });
  }
}

function followAll(session: ClientSession, found: Told, then: (told: Told) => void): void {
  const links = new Set([...found.resources, ...found.tasks].map(({ link }) => link));
  const resources: Found[] = [];
  const tasks: FoundTask[] = [];
  let missing = links.size;
  if (missing === 0) then(found);
  for (const link of links) {
    const ofLink = ownOf(found, link);
    follow(session, link, wordsOf(ofLink), (agreed) => {
      resources.push(...ofLink.resources.filter(({ uri }) => agreed.uris.includes(uri)));
      tasks.push(...ofLink.tasks.filter(({ own }) => agreed.tasks.includes(own)));
      missing -= 1;
      if (missing === 0) then({ resources, tasks });
    });
  }
}

function ownOf({ resources, tasks }: Told, link: ServerLink): Told {
  return { resources: resources.filter((one) => one.link === link), tasks: tasks.filter((one) => one.link === link) };
}

function wordsOf({ resources, tasks }: Told): Wanted {
  return { uris: resources.map(({ uri }) => uri), tasks: tasks.map(({ own }) => own) };
}

/** The acknowledgement comes first: what is not in it is not told. */
function begin(session: ClientSession, exchange: Exchange, wanted: Filter, told: Told): void {
  if (!exchange.isWanted) {
    release(session, told);
    return;
  }
  const part = exchange.part((answer) => {
    session.listeners.remove(listener);
    release(session, told);
    if (answer !== undefined) exchange.answer(answer.bytes, answer.code);
  });
  const listener: Listener = { exchange: part, lists: listsOf(session, wanted), ...told };
  const agreed = {
    lists: listener.lists,
    uris: new Set(told.resources.map(({ exposed }) => exposed)),
    tasks: new Set(told.tasks.map(({ exposed }) => exposed)),
  };
  session.listeners.tell(part, "notifications/subscriptions/acknowledged", { notifications: notificationsOf(agreed) });
  session.listeners.add(listener);
  for (const link of session.links) listen(session, link);
}

/** Changes of the rules change lists too: the proxy tells of whatever it has lists of. */
function listsOf(session: ClientSession, { lists }: Filter): ReadonlySet<string> {
  const has = mergedCapabilities(session.links);
  return new Set(
    LISTS.flatMap(({ changed, capability }) => (lists.has(changed) && Object.hasOwn(has, capability) ? [changed] : [])),
  );
}

function release(session: ClientSession, told: Told): void {
  for (const link of session.links) {
    const words = wordsOf(ownOf(told, link));
    if (words.uris.length > 0 || link.era === "modern") unfollow(session, link, words);
  }
}
