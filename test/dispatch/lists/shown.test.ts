// What a list shows: byte for byte what the server sent, wherever no rule and no name makes it another.
import { describe, expect, test } from "vitest";
import { hello, type ServerScript, Stage } from "../stage.ts";

const LIST = { id: 1, method: "tools/list" };

describe("what is shown", () => {
  const entry = '{ "name":"x" , "n":1.0,"big":12345678901234567890,"inputSchema":{"type":"object"} }';

  function bytesShown(policy: string, page: string): string {
    const stage = new Stage({ policy });
    stage.happen({ kind: "client-opened", client: "c", user: undefined, profile: undefined });
    stage.client(hello());
    stage.happen({ kind: "server-opened", client: "c", server: "a" });
    stage.server("a", { id: 1, result: { protocolVersion: "2025-11-25", capabilities: { tools: {} } } });
    const bytes = Buffer.from(`{"jsonrpc":"2.0","id":2,"result":${page}}`);
    stage.happen({ kind: "server-message", client: "c", server: "a", bytes });
    const list = Buffer.from('{"jsonrpc":"2.0","id":"l","method":"tools/list"}');
    return stage.bytesTo("client", { kind: "client-message", client: "c", bytes: list });
  }

  test("is byte for byte what the server sent, where no rule changes it", () => {
    expect(bytesShown("default allow", `{"tools":[${entry}],"_meta":{"x":1.0},"nextCursor":null}`)).toBe(
      `{"jsonrpc":"2.0","id":"l","result":{"tools":[${entry}],"_meta":{"x":1.0}}}`,
    );
  });

  test("has only the name changed, where only the name is another", () => {
    expect(bytesShown("default allow\nrule r when tool * rename to y_*", `{"tools":[${entry}]}`)).toBe(
      `{"jsonrpc":"2.0","id":"l","result":{"tools":[${entry.replace('"x"', '"y_x"')}]}}`,
    );
  });

  test("has only that changed which a rule changes", () => {
    expect(bytesShown('default allow\nrule r when tool * set title = "T"', `{"tools":[${entry}]}`)).toContain(
      '"n":1.0,"big":12345678901234567890,"inputSchema":{"type":"object"},"title":"T"',
    );
  });

  test("is written anew where a key stood twice, so that what was judged is what is shown", () => {
    expect(bytesShown("default allow", '{"tools":[{"name":"evil","name":"x"}]}')).toContain('"tools":[{"name":"x"}]');
  });

  test("is masked beside the entries too", () => {
    const policy = 'default allow\nrule r when message redact /sk-[0-9]+/ as "***"';
    expect(bytesShown(policy, `{"tools":[${entry}],"_meta":{"k":"sk-123"}}`)).toContain('"_meta":{"k":"***"}');
  });

  test("leaves out what a rule hides, and what it hides cannot be called", () => {
    const stage = Stage.open({
      servers: {
        a: {
          tools: [
            { name: "x", inputSchema: {} },
            { name: "y", inputSchema: {} },
          ],
        },
      },
      policy: 'default allow\nrule no-y when tool y block "hidden"',
    });
    expect(stage.client(LIST)).toMatchObject([["client", { result: { tools: [{ name: "x" }] } }]]);
    const call = { id: 2, method: "tools/call", params: { name: "y" } };
    expect(stage.client(call)).toEqual([["client", { id: 2, error: { code: -32602, message: "Unknown tool: y" } }]]);
    const record = { verdict: "block", method: "tools/call", server: "a", name: "y", rule: "no-y" };
    expect(stage.records()).toMatchObject([{}, record]);
  });

  test("leaves out a server for which a rule refuses the request; refused for all, the request is", () => {
    const policy = 'default allow\nrule r when tools/list on a block "no list"';
    const two = Stage.open({ servers: { a: {}, b: { tools: [{ name: "y", inputSchema: {} }] } }, policy });
    expect(two.client(LIST)).toMatchObject([["client", { result: { tools: [{ name: "y" }] } }]]);
    const one = Stage.open({ policy });
    expect(one.client(LIST)).toMatchObject([["client", { id: 1, error: { code: 4030, message: "no list" } }]]);
  });
});

test("no tool of a server that makes no tasks promises one, where another does; what forbids them stands as it is", () => {
  const makes: ServerScript = { capabilities: { tasks: { requests: { tools: { call: {} } } } } };
  const late = { name: "late", inputSchema: { type: "object" } };
  const forbids = { ...late, name: "plain", execution: { taskSupport: "forbidden" } };
  const promising = { ...late, execution: { taskSupport: "optional" } };
  const stage = Stage.open({ servers: { a: makes, b: { tools: [promising, forbids] } } });
  const [said] = stage.client({ id: 1, method: "tools/list" });
  expect(said?.[1]).toMatchObject({ result: { tools: [{ name: "echo" }, late, forbids] } });
  expect(JSON.stringify(said)).not.toContain("optional");
});
