// A server that is small enough to be started by the hundreds, and how many of it run.
import { execFileSync } from "node:child_process";

/**
 * A shell script, to be called `server.sh`: it answers each call with its process id and what it was
 * asked, and tells of it before.
 */
export const SMALL_SERVER = `
init='{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"sh","version":"1"}}'
tools='{"tools":[{"name":"who","inputSchema":{"type":"object"}}]}'
log='{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":'
while read -r line; do
  id=\${line#*\\"id\\":}; id=\${id%%[,\\}]*}
  said=\${line##*\\"said\\":\\"}; said=\${said%%\\"*}
  case $line in
    *'"initialize"'*) result=$init ;;
    *'"tools/list"'*) result=$tools ;;
    *'"tools/call"'*)
      echo "$log\\"$said\\"}}"
      result="{\\"content\\":[{\\"type\\":\\"text\\",\\"text\\":\\"$$ $said\\"}]}" ;;
    *) continue ;;
  esac
  echo "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":$id,\\"result\\":$result}"
done
`;

/** Processes of it that this one has started. */
export function serversOf(pid: number | undefined): number {
  return execFileSync("ps", ["-e", "-o", "ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => Number(line.trim().split(" ")[0]) === pid && line.includes("server.sh")).length;
}
