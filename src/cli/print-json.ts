// The one JSON document that a command prints where it is asked for one.

export function printJson(document: object): void {
  process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
}
