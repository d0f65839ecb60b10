// Which languages a client is said to read: those of the request that opened its session, or of each in the modern era.
import { expect, test } from "vitest";
import { call, modern, openTestDoor } from "./door.ts";

test("a session reads what was asked for when it was opened, and stays itself when that changes", async () => {
  const { ask, session, clients } = await openTestDoor();
  const id = await session({ "accept-language": "fr" });
  for (const language of ["de", "fr", undefined]) {
    const headers = { "mcp-session-id": id, ...(language && { "accept-language": language }) };
    expect((await ask({ body: call("x"), headers })).status).toBe(200);
  }
  expect(clients.map(({ who }) => who.languages)).toEqual([["fr"]]);
});

test("who asks in another language is another, since lists may be in it", async () => {
  const { ask, clients } = await openTestDoor();
  for (const language of ["fr, en;q=0.5", "fr, en;q=0.5", "de", "*", undefined, "fr, en;q=0.5"]) {
    await ask(modern("tools/list", {}, { headers: { ...(language && { "accept-language": language }) } }));
  }
  expect(clients.map(({ who, said }) => [who.languages, said.length])).toEqual([
    [["fr", "en"], 3],
    [["de"], 1],
    [undefined, 2],
  ]);
});
