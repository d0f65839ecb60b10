// What expressions, patterns and masks cost per message, without a proxy around them: `node test/bench/expressions.mjs`.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { Bench } from "tinybench";

const tools = {
  tools: Array.from({ length: 100 }, (_, index) => ({
    name: `tool_${index}`,
    description: `Does thing number ${index}. And more.`,
    inputSchema: {
      type: "object",
      properties: { a: { type: "string", description: "An a" }, b: { type: "number" } },
      required: ["a"],
    },
    annotations: { readOnlyHint: true },
  })),
};
const call = { params: { name: "x", arguments: { limit: 500, q: "bug", password: "hunter2" } } };

/** What is evaluated, on what, and the microseconds it may take. */
const EXPRESSIONS = [
  ['(params.name = "x" and params.arguments.limit > 100)', call, 1],
  ["($ ~> |params.arguments|{'password': '***'}|)", call, 2],
  ["($ ~> |tools|{'description': '[gh] ' & description}|)", tools, 150],
];

const { compileExpression, compilePattern, redactValue } = await load();
const bench = new Bench({ time: 500 });
const limits = new Map();
for (const [source, input, most] of EXPRESSIONS) {
  const { compiled } = compileExpression(source, new Set()).expression;
  limits.set(source, most);
  bench.add(source, () => compiled(input, {}, 0));
}
const glob = compilePattern([{ kind: "glob", text: "/projects/**" }]);
bench.add("/projects/** on a plain path", () => glob.matches("/projects/a/b/c.txt", {}));
bench.add("/projects/** on a path with ..", () => glob.matches("/projects/../etc/passwd", {}));
const secrets = compilePattern([
  { kind: "regex", source: "AKIA[0-9A-Z]{16}", flags: "" },
  { kind: "regex", source: "ghp_[A-Za-z0-9]{36}", flags: "" },
]);
bench.add("redact in a call", () => redactValue(call, secrets, "***"));
bench.add("redact in 100 tools", () => redactValue(tools, secrets, "***"));
await bench.run();

console.table(
  bench.tasks.map(({ name, result }) => {
    const median = result.latency.p50 * 1000;
    const most = limits.get(name);
    return { what: name, "µs (median)": median.toFixed(2), "may be": most ?? "", holds: most ? median <= most : "" };
  }),
);

async function load() {
  const folder = mkdtempSync(join(tmpdir(), "mcprules-bench-"));
  const outfile = join(folder, "expression.mjs");
  const source = (name) => fileURLToPath(new URL(`../../src/expression/${name}.ts`, import.meta.url));
  const contents = ["expression", "pattern", "redact"].map((name) => `export * from ${JSON.stringify(source(name))};`);
  const stdin = { contents: contents.join("\n"), resolveDir: fileURLToPath(new URL("../..", import.meta.url)) };
  await build({ stdin, outfile, bundle: true, format: "esm", platform: "node", logLevel: "error" });
  const loaded = await import(pathToFileURL(outfile).href);
  rmSync(folder, { recursive: true, force: true });
  return loaded;
}
