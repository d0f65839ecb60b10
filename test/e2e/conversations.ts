// What is asked of the reference servers to see whether a proxy makes any difference.

/** In the order of the settings. */
export const SERVERS = ["everything", "filesystem", "memory"] as const;
export type ServerName = (typeof SERVERS)[number];

export interface Asked {
  readonly method: string;
  readonly params?: Record<string, unknown>;
}

export function call(name: string, args: Record<string, unknown> = {}): Asked {
  return { method: "tools/call", params: { name, arguments: args } };
}

const ADA = { name: "Ada", entityType: "person", observations: ["writes programs"] };
const KNOWS = { from: "Ada", to: "Charles", relationType: "knows" };
export const STATIC = "demo://resource/static/document";

/** Each tool at least once, each prompt, each resource, and what goes wrong; in this order, since some of them change things. */
export function conversationsAbout(files: string): Readonly<Record<ServerName, readonly Asked[]>> {
  const at = (path: string): string => `${files}/${path}`;
  return {
    everything: [
      call("echo", { message: "hello ✓ \u{1F600}" }),
      call("echo", {}),
      call("echo", { message: "x".repeat(300_000) }),
      call("get-annotated-message", { messageType: "error", includeImage: true }),
      call("get-env"),
      call("get-resource-links", { count: 4 }),
      call("get-resource-reference", { resourceType: "Blob", resourceId: 2 }),
      call("get-structured-content", { location: "Chicago" }),
      call("get-structured-content", { location: "Nowhere" }),
      call("get-sum", { a: 2, b: 40.5 }),
      call("get-tiny-image"),
      call("gzip-file-as-resource", {
        name: "a.gz",
        data: "data:text/plain;base64,aGVsbG8=",
        outputType: "resourceLink",
      }),
      { method: "resources/read", params: { uri: "demo://resource/session/a.gz" } },
      call("trigger-long-running-operation", { duration: 0.2, steps: 2 }),
      call("get-roots-list"),
      call("trigger-elicitation-request"),
      call("trigger-url-elicitation", { url: "https://example.com/x", elicitationId: "e-1" }),
      call("trigger-url-elicitation", { url: "https://example.com/x", elicitationId: "e-2", errorPath: true }),
      call("trigger-sampling-request", { prompt: "say something", maxTokens: 7 }),
      call("simulate-research-query", { topic: "proxies" }),
      { method: "prompts/get", params: { name: "simple-prompt" } },
      { method: "prompts/get", params: { name: "args-prompt", arguments: { city: "Paris", state: "Texas" } } },
      { method: "prompts/get", params: { name: "args-prompt" } },
      {
        method: "prompts/get",
        params: { name: "completable-prompt", arguments: { department: "Sales", name: "Eve" } },
      },
      {
        method: "prompts/get",
        params: { name: "resource-prompt", arguments: { resourceType: "Text", resourceId: "1" } },
      },
      ...["architecture", "extension", "features", "how-it-works", "instructions", "startup", "structure"].map(
        (name) => ({
          method: "resources/read",
          params: { uri: `${STATIC}/${name}.md` },
        }),
      ),
      { method: "resources/read", params: { uri: "demo://resource/dynamic/text/7" } },
      { method: "resources/read", params: { uri: "demo://resource/dynamic/blob/7" } },
      { method: "resources/read", params: { uri: "demo://resource/dynamic/text/nothing" } },
      complete({ type: "ref/prompt", name: "completable-prompt" }, { name: "department", value: "S" }),
      complete(
        { type: "ref/prompt", name: "completable-prompt" },
        { name: "name", value: "" },
        { department: "Sales" },
      ),
      complete(
        { type: "ref/resource", uri: "demo://resource/dynamic/text/{resourceId}" },
        { name: "resourceId", value: "1" },
      ),
      { method: "logging/setLevel", params: { level: "warning" } },
      { method: "resources/subscribe", params: { uri: `${STATIC}/features.md` } },
      { method: "resources/unsubscribe", params: { uri: `${STATIC}/features.md` } },
      { method: "ping" },
    ],
    filesystem: [
      call("list_allowed_directories"),
      call("read_file", { path: at("notes.txt") }),
      call("read_text_file", { path: at("notes.txt"), head: 2 }),
      call("read_text_file", { path: "/etc/passwd" }),
      call("read_media_file", { path: at("sub/pixel.png") }),
      call("read_multiple_files", { paths: [at("notes.txt"), at("missing.txt")] }),
      call("write_file", { path: at("new.txt"), content: "fresh ✓" }),
      call("edit_file", { path: at("new.txt"), edits: [{ oldText: "fresh", newText: "stale" }] }),
      call("edit_file", { path: at("new.txt"), edits: [{ oldText: "stale", newText: "old" }], dryRun: true }),
      call("create_directory", { path: at("made/deep") }),
      call("list_directory", { path: files }),
      call("list_directory_with_sizes", { path: files, sortBy: "size" }),
      call("directory_tree", { path: files }),
      call("move_file", { source: at("new.txt"), destination: at("made/moved.txt") }),
      call("search_files", { path: files, pattern: "**/*.txt" }),
      call("get_file_info", { path: at("notes.txt") }),
      call("read_file", {}),
    ],
    memory: [
      call("create_entities", { entities: [ADA, { name: "Charles", entityType: "person", observations: [] }] }),
      call("create_relations", { relations: [KNOWS] }),
      call("add_observations", { observations: [{ entityName: "Ada", contents: ["and poems"] }] }),
      call("read_graph"),
      call("search_nodes", { query: "poems" }),
      call("open_nodes", { names: ["Ada"] }),
      { method: "resources/read", params: { uri: "memory://knowledge-graph" } },
      call("delete_observations", { deletions: [{ entityName: "Ada", observations: ["and poems"] }] }),
      call("delete_relations", { relations: [KNOWS] }),
      call("delete_entities", { entityNames: ["Charles"] }),
      call("read_graph"),
      call("add_observations", { observations: [{ entityName: "Nobody", contents: ["x"] }] }),
    ],
  };
}

function complete(ref: object, argument: object, known?: Record<string, string>): Asked {
  return { method: "completion/complete", params: { ref, argument, ...(known && { context: { arguments: known } }) } };
}
