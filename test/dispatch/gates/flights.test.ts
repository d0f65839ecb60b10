// Who asks what is asked just now waits for that answer, and asks himself where there is none for him.
import { describe, expect, test } from "vitest";
import type { Said } from "../stage.ts";
import { answer, askedAs, KEEPS, Remembering, toServer, USER } from "./remembering.ts";
import { call } from "../../tool-call.ts";

describe("who asks what is asked just now", () => {
  function three(scene: Remembering): readonly Said[] {
    return [1, 2, 3].flatMap((id) => scene.client(call(id, { n: 1 })));
  }

  test("waits for that answer", () => {
    const scene = new Remembering();
    expect(toServer(three(scene))).toHaveLength(1);
    expect(scene.server(answer("$1")).map(([, message]) => message)).toEqual(
      expect.arrayContaining([answer(1), answer(2), answer(3)]),
    );
    expect(scene.caches()).toEqual(["miss", "shared", "shared"]);
  });

  test("on another connection of the same user too", () => {
    const scene = new Remembering({ who: USER("u") });
    scene.join("d", USER("u"));
    const asked = askedAs(scene.client(call(1)));
    expect(scene.client(call(2), "d")).toEqual([]);
    expect(scene.server(answer(asked))).toHaveLength(2);
  });

  test("asks itself when who asked has cancelled, and the others wait for that", () => {
    const scene = new Remembering();
    three(scene);
    const said = scene.client({ method: "notifications/cancelled", params: { requestId: 1 } });
    expect(toServer(said)).toMatchObject([
      ["a", { id: "$2", method: "tools/call" }],
      ["a", { method: "notifications/cancelled", params: { requestId: "$1" } }],
    ]);
    expect(scene.server(answer("$2"))).toHaveLength(2);
  });

  test("asks itself when the answer is for who asked first alone", () => {
    const policy = 'default allow\nrule keep when tools/call * cache for 1m by ("all")';
    const scene = new Remembering({ policy, who: USER("u") });
    scene.join("d", USER("v"));
    const asked = askedAs(scene.client(call(1)));
    expect(scene.client(call(2), "d")).toEqual([]);
    const said = scene.server(answer(asked, "mine", { cacheScope: "private" }));
    expect(said).toMatchObject([
      ["a", { method: "tools/call" }],
      ["client", answer(1, "mine", { cacheScope: "private" })],
    ]);
  });

  test("asks itself when there is an answer for nobody else", () => {
    const scene = new Remembering();
    three(scene);
    const said = scene.server(answer("$1", "no", { isError: true }));
    expect(toServer(said)).toHaveLength(2);
  });

  test("asks itself as soon as the server asks the first one something", () => {
    const scene = new Remembering();
    three(scene);
    expect(toServer(scene.server({ id: "q", method: "roots/list" }))).toHaveLength(2);
  });

  test("and cancels, is told nothing, and asked for nothing", () => {
    const scene = new Remembering();
    three(scene);
    scene.client({ method: "notifications/cancelled", params: { requestId: 2 } });
    expect(scene.server(answer("$1")).map(([, message]) => message)).toEqual(
      expect.not.arrayContaining([expect.objectContaining({ id: 2 })]),
    );
  });

  test("is judged anew where the policy is another by the time it has to ask itself", () => {
    const scene = new Remembering();
    three(scene);
    scene.stage.swap(`${KEEPS}\nrule no when tools/call * with n = 1 block`);
    const said = scene.client({ method: "notifications/cancelled", params: { requestId: 1 } });
    expect(toServer(said)).toMatchObject([["a", { method: "notifications/cancelled" }]]);
    expect(JSON.stringify(said)).toContain("isError");
  });

  test("asks after a change as well", () => {
    const scene = new Remembering();
    scene.client(call(1));
    scene.stage.now += 1;
    scene.server({ method: "notifications/tools/list_changed" });
    expect(toServer(scene.client(call(2)))).toContainEqual(expect.arrayContaining(["a"]));
    scene.server(answer("$1"));
    expect(scene.kept.size).toBe(0);
  });

  test("gets no progress of it", () => {
    const scene = new Remembering();
    scene.client(call(1, {}, { _meta: { progressToken: "p1" } }));
    scene.client(call(2, {}, { _meta: { progressToken: "p2" } }));
    const said = scene.server({ method: "notifications/progress", params: { progressToken: "$1", progress: 1 } });
    expect(said).toMatchObject([["client", { params: { progressToken: "p1" } }]]);
  });

  test("is told when the server goes", () => {
    const scene = new Remembering();
    three(scene);
    const said = scene.after(scene.stage.drop("a"));
    expect(said.filter(([to]) => to === "client")).toHaveLength(3);
  });
});
