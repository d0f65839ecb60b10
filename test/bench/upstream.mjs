// A server over stdio, as thin as one can be: it answers lines with bytes made before, and parses nothing.
// `--tools N` lists N tools. The tool `echo` answers 60 bytes, `megabyte` and `tenMegabytes` what they are called.
const LINE_FEED = 0x0a;
const ID = Buffer.from('"id":');

const tools = Number(process.argv[process.argv.indexOf("--tools") + 1]) || 3;
const ANSWERS = [
  ['"initialize"', initialised()],
  ['"tools/list"', `{"tools":[${Array.from({ length: tools }, (_, index) => toolOf(index)).join(",")}]}`],
  ['"tenMegabytes"', textResult("x".repeat(10_000_000))],
  ['"megabyte"', textResult("x".repeat(1_000_000))],
  ['"tools/call"', textResult("ok")],
].map(([mark, result]) => ({ mark: Buffer.from(mark), tail: Buffer.from(`,"result":${result}}\n`) }));
const EMPTY = Buffer.from(',"result":{}}\n');
const HEAD = Buffer.from('{"jsonrpc":"2.0","id":');

let rest = Buffer.alloc(0);
process.stdin.on("data", (chunk) => {
  const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
    answer(bytes.subarray(start, end));
    start = end + 1;
  }
  rest = bytes.subarray(start);
});
process.stdin.on("end", () => process.exit(0));

/** Each answer is a write of its own: a server does not know what else will be done when. A notification gets none. */
function answer(line) {
  const at = line.indexOf(ID);
  if (at === -1) return;
  const start = at + ID.length;
  let end = start;
  // Ids here are numbers, or strings without `,` and `}`.
  while (line[end] !== 0x2c && line[end] !== 0x7d) end++;
  const tail = ANSWERS.find(({ mark }) => line.includes(mark))?.tail ?? EMPTY;
  const pieces = [HEAD, line.subarray(start, end), tail];
  if (tail.length < 65_536) process.stdout.write(Buffer.concat(pieces));
  else writeLarge(pieces);
}

function writeLarge(pieces) {
  process.stdout.cork();
  for (const piece of pieces) process.stdout.write(piece);
  process.stdout.uncork();
}

function textResult(text) {
  return `{"content":[{"type":"text","text":"${text}"}]}`;
}

function toolOf(index) {
  const name = ["echo", "megabyte", "tenMegabytes"][index] ?? `tool_${index}`;
  const properties = '"message":{"type":"string","description":"What to say"},"limit":{"type":"number"}';
  return `{"name":"${name}","description":"Does what its name says, number ${index}.","inputSchema":{"type":"object","properties":{${properties}}}}`;
}

function initialised() {
  return '{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"bench","version":"1.0.0"}}';
}
