// The section `log` of the settings: its sinks as they are read, and what is said of those that cannot be.
import { describe, expect, test } from "vitest";
import type { SinkSettings } from "../../../src/io/log/log-settings.ts";
import { parseSettings } from "../../../src/io/settings/settings-file.ts";

function read(sinks: string, to = '"stderr"') {
  const text = `{"mcpServers": {"a": {"command": "x"}}, "mcprules": {"log": {"to": ${to}, "sinks": ${sinks}}}}`;
  return parseSettings("/etc/proxy/servers.json", text, { TOKEN: "secret" });
}

function sinkOf(sink: string): SinkSettings | undefined {
  const reading = read(`{"audit": ${sink}}`);
  return reading.kind === "settings" ? reading.settings.log.sinks?.[0] : undefined;
}

describe("a sink", () => {
  test("takes a line for each decision, of any level, unless it says otherwise", () => {
    expect(sinkOf('{"to": "stderr"}')).toEqual({
      name: "audit",
      level: "trace",
      to: { kind: "stderr" },
      form: ["decisions"],
      filter: {},
      messageBytes: 65_536,
    });
  });

  test("may take one form or several, and of a filter one word or several", () => {
    const filter = '{"method": "tools/*", "server": ["files", "git*"], "from": "client", "verdict": ["block", "drop"]}';
    expect(sinkOf(`{"to": "stderr", "form": ["messages", "reports"], "filter": ${filter}}`)).toMatchObject({
      form: ["messages", "reports"],
      filter: { method: ["tools/*"], server: ["files", "git*"], from: "client", verdict: ["block", "drop"] },
    });
  });

  test.each([
    ['{"to": "./audit.jsonl"}', { kind: "file", path: "/etc/proxy/audit.jsonl" }],
    [
      '{"to": "/var/log/a", "rotate": {"every": "day"}}',
      { kind: "file", path: "/var/log/a", rotate: { every: "day", keep: 10 } },
    ],
    [
      '{"to": "https://logs.example/in", "headers": {"authorization": "Bearer ${TOKEN}"}}',
      { kind: "http", url: "https://logs.example/in", headers: { authorization: "Bearer secret" } },
    ],
    [
      '{"to": "syslog+udp://siem.example"}',
      { kind: "syslog", facility: 16, via: { kind: "udp", host: "siem.example", port: 514 } },
    ],
    [
      '{"to": "syslog+tcp://[::1]:6601", "facility": 4}',
      { kind: "syslog", facility: 4, via: { kind: "tcp", host: "::1", port: 6601 } },
    ],
    [
      '{"to": "syslog+unix:/run/syslog.sock"}',
      { kind: "syslog", facility: 16, via: { kind: "unix", path: "/run/syslog.sock" } },
    ],
  ])("%s is a place it can lead to", (sink, to) => {
    expect(sinkOf(sink)?.to).toMatchObject(to);
  });
});

describe("a sink is refused", () => {
  test.each([
    ['{"a": {"to": "ftp://x/y"}}', "`to` is no place a log can go to: `stderr`, a path, `https://…`"],
    [
      '{"a": {"to": "stdout"}}',
      "`to` cannot be stdout, which belongs to MCP: write `stderr`, or `./stdout` for a file",
    ],
    ['{"a": {"to": "https://me:pw@logs.example"}}', "URLs are printed: write it into `headers`"],
    ['{"a": {"to": "syslog://x"}}', "`to` is no syslog server"],
    ['{"a": {"to": "syslog+tcp://x:99999"}}', "`to` is no syslog server"],
    ['{"a": {"to": "x", "headers": {}}}', "`headers` belongs to a sink that is an HTTP address"],
    ['{"a": {"to": "stderr", "rotate": {"every": "day"}}}', "`rotate` belongs to a sink that is a file"],
    ['{"a": {"to": "x", "facility": 1}}', "`facility` belongs to a sink that is syslog"],
    ['{"a": {"to": "https://x", "headers": {"a b": "c"}}}', "`a b` cannot be the name of a header"],
    ['{"a": {"to": "https://x", "headers": {"content-type": "c"}}}', "`content-type` is a header that the proxy sets"],
    ['{"a": {"to": "x", "rotate": {}}}', "`rotate` needs `bytes`, `every` or both"],
    ['{"a": {"to": "x", "form": "all"}}', "`form` must be `decisions`, `messages` or `reports`, or a list of them"],
    [
      '{"a": {"to": "x", "filter": {"verdict": "blocked"}}}',
      "`verdict` must be `allow`, `block`, `ask`, `answer` or `drop`, or a list of them",
    ],
    ['{"main": {"to": "x"}}', "`main` is the sink that `log.level` and `log.to` describe"],
    ['{"log": {"to": "x"}}', "`log` is a word of the language"],
    ['{"a b": {"to": "x"}}', "`a b` cannot be the name of a sink"],
  ])("%s: %s", (sinks, message) => {
    const reading = read(sinks);
    expect(reading.kind === "problems" && reading.problems.map((problem) => problem.message)).toEqual([
      expect.stringContaining(message),
    ]);
  });

  test("where it is the log itself that goes to an address", () => {
    const reading = read("{}", '"https://logs.example"');
    expect(reading.kind === "problems" && reading.problems[0]?.message).toContain(
      "anything else is a sink: `log.sinks`",
    );
  });
});
