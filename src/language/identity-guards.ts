// Which rules hang on who and where alone: those whose outcome cannot differ from message to message.
import type { HeadNode } from "./tree/ast-heads.ts";

/** Every clause looks at the server or at who asks, none at the message. */
export function isGuardedByIdentity(head: HeadNode): boolean {
  const clauses = [...head.clauses, ...head.excepts.flatMap((group) => group.clauses)];
  return clauses.every((clause) => clause.kind === "on" || clause.kind === "for");
}
