// A policy as large organisations have them: many teams, servers and tools, one rule each, of every kind.

const SERVERS = ["files", "github", "bank", "notes", "db", "mail", "jira", "slack"] as const;

/** The texts of `files` files with `count` rules in all. */
export function largePolicy(count: number, files: number): readonly string[] {
  const rules = Array.from({ length: count }, (_, index) => ruleOf(index));
  return Array.from({ length: files }, (_, file) => {
    const own = rules.filter((__, index) => index % files === file);
    return `mcprules 1\n\n${file === 0 ? "default allow\n\n" : ""}${own.join("\n\n")}\n`;
  });
}

function ruleOf(index: number): string {
  const server = SERVERS[index % SERVERS.length] ?? "files";
  return (KINDS[index % KINDS.length] ?? fence)(index, server);
}

const KINDS: readonly ((index: number, server: string) => string)[] = [
  fence,
  cap,
  hide,
  mask,
  shorten,
  amounts,
  watch,
  hosts,
  reshape,
  label,
];

function fence(index: number, server: string): string {
  return `rule fence-${index} "Only the workspace of team ${index} is open."
  when tools/call read_file_${index} | write_file_${index} on ${server}
  except with path "/projects/team-${index}/**"
  block "Only files below /projects/team-${index} are open to {name}."`;
}

function cap(index: number, server: string): string {
  return `rule cap-${index}
  when tools/call search_${index}_* on ${server}
  where ($not($exists(limit)) or limit > ${10 + (index % 90)})
  set limit = ${10 + (index % 90)}`;
}

function hide(index: number, server: string): string {
  return `rule hide-${index}\n  when tool delete_${index}_* on ${server}\n  except for group "admins-${index % 50}"\n  block`;
}

function mask(index: number, server: string): string {
  return `rule mask-${index}
  when reply of tools/call get_${index} on ${server}
  redact /tok${index}-[A-Z0-9]{16}/ as "***"
  log warn "masked in {method} of {server}"`;
}

function shorten(index: number, server: string): string {
  return `rule short-${index}
  when tool list_${index} on ${server}
  rewrite description ($substringBefore($, ". ") & " (${index})")`;
}

function amounts(index: number, server: string): string {
  return `rule euro-${index}
  when tools/call pay_${index} on ${server}
  with amount > ${index} and currency "EUR" | "USD"
  block "No {amount} above ${index}."`;
}

function watch(index: number, server: string): string {
  return `rule watch-${index}
  when tools/call work_${index} on ${server}
  for user "user${index}@example.com"
  log info "call of {name}"`;
}

function hosts(index: number, server: string): string {
  return `rule host-${index}
  when tools/call fetch_${index} on ${server}
  except with url "https://*.example${index}.com/**"
  block "Only example${index}.com."`;
}

function reshape(index: number, server: string): string {
  return `rule reshape-${index}
  when result of tools/call report_${index} on ${server}
  rewrite structuredContent ($ ~> |items|{"total": price * quantity + ${index}}|)`;
}

function label(index: number, server: string): string {
  return `rule label-${index}
  when tools/call create_${index} on ${server}
  without labels
  set labels = ["from-agent", "team-${index}"]`;
}
