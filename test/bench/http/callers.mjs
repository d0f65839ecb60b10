// Clients of each era over HTTP: how a session begins, if there is one, and what a call looks like.
import { Wire } from "./wire.mjs";

let lastId = 0;

/** 2025-11-25: a session, and calls in it. */
export async function openSession(side) {
  const wire = await Wire.open(side);
  const caller = await openSessionOn(wire, side);
  wire.close();
  return caller;
}

/** Sessions a second, on connections that stand; they stay, so a rate that sinks with their number shows. */
export async function openMany(side, total, atOnce) {
  return rateOf(side, total, atOnce, (wire) => openSessionOn(wire, side));
}

/**
 * As `openMany`, where each session has a process of its own. It may be answered before that is up: until it has answered a
 * call there is work left, which is not to be in the way of whoever has the next turn.
 */
export async function openManyWithProcesses(side, total, atOnce) {
  const callers = [];
  const rate = await rateOf(side, total, atOnce, async (wire) => callers.push(await openSessionOn(wire, side)));
  await Promise.all(callers.map((caller) => alone(caller, "echo", 1)));
  return rate;
}

/** As `openMany`, until each session has had its first answer to a call. */
export async function openAndCall(side, total, atOnce) {
  return rateOf(side, total, atOnce, async (wire) => alone(await openSessionOn(wire, side), "echo", 1));
}

async function rateOf(side, total, atOnce, open) {
  const wires = await wiresOf({ side, headers: {} }, "", atOnce);
  const started = performance.now();
  let left = total;
  const goOn = async (wire) => {
    while (left-- > 0) await open(wire);
  };
  await Promise.all(wires.map(goOn));
  const took = performance.now() - started;
  for (const wire of wires) wire.close();
  return (total / took) * 1000;
}

async function openSessionOn(wire, side) {
  const params = '"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1.0.0"}';
  const { head } = await wire.post(
    `{"jsonrpc":"2.0","id":${(lastId += 1)},"method":"initialize","params":{${params}}}`,
  );
  const id = /\r\nmcp-session-id: *([^\r]+)/i.exec(head)?.[1];
  const headers = { "mcp-protocol-version": "2025-11-25", ...(id === undefined ? {} : { "mcp-session-id": id }) };
  await wire.post('{"jsonrpc":"2.0","method":"notifications/initialized"}', headers);
  return { side, headers, bodyOf: legacyCall };
}

/** 2026-07-28: every request stands for itself. */
export async function openModern(side) {
  return { side, headers: {}, bodyOf: modernCall, headersOf: modernHeaders };
}

function legacyCall(tool) {
  const rest = `,"method":"tools/call","params":{"name":"${tool}","arguments":{"message":"aaaaaaaaaa"}}}`;
  return () => `{"jsonrpc":"2.0","id":${(lastId += 1)}${rest}`;
}

const META =
  '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",' +
  '"io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1.0.0"},"io.modelcontextprotocol/clientCapabilities":{}}';

function modernCall(tool) {
  const rest = `,"method":"tools/call","params":{"name":"${tool}","arguments":{"message":"aaaaaaaaaa"},${META}}}`;
  return () => `{"jsonrpc":"2.0","id":${(lastId += 1)}${rest}`;
}

function modernHeaders(tool) {
  return { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": tool };
}

/** So many connections of one caller. */
function wiresOf({ side, headers, headersOf }, tool, count) {
  return Promise.all(Array.from({ length: count }, () => Wire.open(side, { ...headers, ...headersOf?.(tool) })));
}

/** Calls a second with always `inFlight` on their way, each on a connection of its own, `total` in all. */
export async function flood(caller, tool, inFlight, total) {
  const wires = await wiresOf(caller, tool, inFlight);
  const body = caller.bodyOf(tool);
  const took = await new Promise((resolve, reject) => {
    let sent = 0;
    let received = 0;
    const started = performance.now();
    const next = (wire) => {
      if (sent === total) return;
      sent += 1;
      wire.send(
        body(),
        () => {
          received += 1;
          if (received === total) resolve(performance.now() - started);
          else next(wire);
        },
        reject,
      );
    };
    for (const wire of wires) next(wire);
  });
  for (const wire of wires) wire.close();
  return (total / took) * 1000;
}

/** Milliseconds of each of `turns` calls, one after the other. */
export async function alone(caller, tool, turns, isWhole = () => true) {
  const [wire] = await wiresOf(caller, tool, 1);
  const body = caller.bodyOf(tool);
  const taken = [];
  await new Promise((resolve, reject) => {
    let started;
    const answered = (answer) => {
      taken.push(performance.now() - started);
      if (!isWhole(answer)) reject(new Error(`${caller.side.name} answers ${answer.bytes} bytes`));
      else if (taken.length === turns) resolve();
      else next();
    };
    const next = () => {
      const text = body();
      started = performance.now();
      wire.send(text, answered, reject);
    };
    next();
  });
  wire.close();
  return taken;
}
