// The `Date` of a response, which is made once a second (RFC 9110, 6.6.1).

const SECOND_MS = 1000;

let line = "";
let second = -1;

export function dateLine(): string {
  const now = Math.floor(Date.now() / SECOND_MS);
  if (now !== second) {
    second = now;
    line = `date: ${new Date(now * SECOND_MS).toUTCString()}\r\n`;
  }
  return line;
}
