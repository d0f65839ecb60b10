// What waits for a server that is only remembered so far: in its order, as long as was said, and for its own word alone.
import { describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "../../../src/mcp/json.ts";
import { ALLOW, asked, type Said } from "../stage.ts";
import { CALL, ECHO, enter, greeted, playOn, raise, sent, toClient } from "./eager-scene.ts";

const NEWS = { method: "notifications/acme/news", params: {} };

function methodsTo(server: string, said: readonly Said[]): readonly unknown[] {
  return said.flatMap(([to, message]) => (to === server && isJsonObject(message) ? [message["method"]] : []));
}

describe("notifications of the client", () => {
  test("reach a server that is only remembered when it is up", () => {
    const stage = greeted();
    enter(stage, "d");
    expect(sent(stage.client(NEWS, "d"), NEWS.method)).toBeUndefined();
    expect(sent(raise(stage, "d"), NEWS.method)).toBeDefined();
  });

  test("do not overtake a call that waits, nor does the next one overtake them", () => {
    const stage = greeted();
    enter(stage, "d");
    stage.client(CALL, "d");
    const said = raise(stage, "d", { ignores: ["tools/list"] });
    expect(sent(stage.client(NEWS, "d"), NEWS.method)).toBeUndefined();
    expect(methodsTo("a", playOn(stage, "d", {}, said)).slice(-2)).toEqual(["tools/call", NEWS.method]);
    expect(methodsTo("a", stage.client(NEWS, "d"))).toEqual([NEWS.method]);
  });

  test("are dropped where too many wait, and that is said", () => {
    const stage = greeted({}, { options: { limits: { depth: 64, inFlight: 2 } } });
    enter(stage, "d");
    stage.others.length = 0;
    for (let count = 0; count < 3; count++) stage.client(NEWS, "d");
    expect(stage.others).toContainEqual(
      expect.objectContaining({ kind: "report", text: expect.stringContaining("was dropped") }),
    );
    expect(methodsTo("a", raise(stage, "d")).filter((method) => method === NEWS.method)).toHaveLength(2);
  });
});

test("a call waits ten seconds for its server in all, however often it goes on waiting", () => {
  const stage = greeted();
  enter(stage, "d");
  const start = stage.now;
  stage.others.length = 0;
  stage.client(CALL, "d");
  stage.now += 6000;
  raise(stage, "d", { ignores: ["tools/list"] });
  const waits = stage.others.flatMap((command) => (command.kind === "set-timer" ? [command] : []));
  expect(waits.map(({ afterMs }) => afterMs)).toEqual(expect.arrayContaining([10_000, 4000]));
  stage.now = start + 10_000;
  const last = waits.findLast(({ afterMs }) => afterMs === 4000);
  const said = stage.happen({ kind: "timer-fired", timer: last?.timer ?? -1 });
  expect(toClient(said)).toMatchObject([{ id: 7, error: { code: 5030 } }]);
});

test("what an earlier process did not list is not taken for the word of the next one", () => {
  const wild = `${ALLOW}\nrule wild\n  when tool *\n  ${asked("annotations.destructiveHint")}\n  block`;
  const tools: readonly JsonObject[] = [{ ...ECHO, annotations: { destructiveHint: false } }];
  const stage = greeted({ tools });
  enter(stage, "d");
  stage.client(CALL, "d");
  raise(stage, "d", { ignores: ["tools/list"] });
  stage.swap(wild);
  stage.happen({ kind: "server-closed", client: "d", server: "a", reason: "exited with code 1" });
  for (const command of stage.others)
    if (command.kind === "set-timer" && command.spreadMs !== undefined)
      stage.happen({ kind: "timer-fired", timer: command.timer });
  const said = [...raise(stage, "d", { ignores: ["tools/list"] })];
  const answerAll = (): void => {
    while (stage.asked().length > 0) said.push(...stage.answer(false));
  };
  answerAll();
  said.push(...stage.client({ ...CALL, id: 8 }, "d"));
  answerAll();
  expect(sent(said, "tools/list")).toBeDefined();
  expect(sent(said, "tools/call")).toBeUndefined();
});
