// How clients are told that a server cannot be reached, and the bare reason in what they are told.

export function unreachable(name: string, reason: string): string {
  return `${beginning(name)}${reason}`;
}

/** What a request of the proxy's own came to is worded as for a client. */
export function bareReason(name: string, text: string): string {
  const start = beginning(name);
  return text.startsWith(start) ? text.slice(start.length) : text;
}

function beginning(name: string): string {
  return `the server \`${name}\` cannot be reached: `;
}
