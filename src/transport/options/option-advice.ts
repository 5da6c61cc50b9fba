import { nearestName } from "../../errors/nearest-name.js";

export interface KnownNames {
  /** The options of the given place. */
  readonly here: readonly string[];
  /** The options of all places. */
  readonly everywhere: readonly string[];
  /** The places of an option, in words. */
  readonly placesOf: (name: string) => readonly string[];
}

/**
 * Returns the advice for an unknown name of an option: the option that another SDK or another spelling calls so, else the
 * nearest known name, else all known names. `baseInstructions` replaces codex's own prompt, so it is offered only for a name
 * that begins with *base*.
 */
export function adviseOption(given: string, { here, everywhere, placesOf }: KnownNames): string {
  const key = toKey(given);
  const sentence = sentences.get(key);
  if (sentence !== undefined) return sentence;
  const meant = aliases.get(key) ?? everywhere.find((name) => toKey(name) === key);
  if (meant !== undefined) {
    if (here.includes(meant)) return `Did you mean \`${meant}\`?`;
    return `Did you mean \`${meant}\`? It is an option of ${placesOf(meant).join(" or ")}.`;
  }
  const offered = here.filter((name) => name !== "baseInstructions" || key.startsWith("base"));
  const nearest = nearestName(given, offered);
  return nearest === null ? `Known are: ${[...here].sort().join(", ")}.` : `Did you mean \`${nearest}\`?`;
}

/** `working_directory`, `working-directory` and `workingDirectory` are one name. */
function toKey(name: string): string {
  return name.slice(0, 64).toLowerCase().replace(/[_-]/g, "");
}

/** Names of other SDKs and of codex's command line, by the option that they mean. Exported for its test. */
export const namesOfOthers: Readonly<Record<string, string>> = {
  additionalDirectories: "addDir addDirs additionalDirs extraDirectories writableRoots",
  apiKey: "key openaiApiKey codexApiKey",
  approvalPolicy: "approval approvalMode askForApproval permissionMode",
  baseUrl: "apiBase endpoint openaiBaseUrl",
  codexPathOverride:
    "bin binary codexBin codexPath executable executablePath pathToClaudeCodeExecutable pathToCodexExecutable",
  config: "settings codexConfig extraBody",
  developerInstructions:
    "appendSystemPrompt customSystemPrompt developerMessage developerPrompt instruction instructions prompt system systemInstruction systemInstructions systemMessage systemPrompt",
  env: "environment environmentVariables processEnv",
  idleTimeoutMs: "idleTimeout",
  model: "modelId modelName",
  modelProvider: "provider",
  modelReasoningEffort: "effort reasoning reasoningEffort thinking thinkingLevel",
  modelReasoningSummary: "reasoningSummary summary",
  networkAccessEnabled: "allowNetwork network networkAccess",
  onApproval: "approvalHandler approve canUseTool handleApproval onApprovalRequest onPermissionRequest onToolApproval",
  outputSchema:
    "format jsonSchema outputFormat outputType responseFormat responseSchema schema structuredOutput textFormat zodSchema",
  sandboxMode: "sandbox sandboxPolicy",
  signal: "abort abortController abortSignal cancel cancellationToken cancelSignal",
  skipGitRepoCheck: "skipGit skipGitCheck",
  timeoutMs: "maxDurationMs timeLimit timeout timeoutMillis timeoutSeconds",
  tools: "clientTools dynamicTools functions hostTools",
  webSearchMode: "search webSearch",
  workingDirectory: "cd cwd dir directory root rootDir workDir workingDir workspace workspaceRoot",
};

const aliases: ReadonlyMap<string, string> = new Map(
  Object.entries(namesOfOthers).flatMap(([name, others]) => others.split(" ").map((other) => [toKey(other), name])),
);

/** Names that mean something other than an option. */
const sentences: ReadonlyMap<string, string> = new Map([
  ...["maxturns", "maxsteps", "maxiterations", "stopwhen", "until", "retry", "maxretries"].map(
    (key) =>
      [key, "It belongs to a run of several turns: `thread.runAuto(input, { maxTurns, until, retry })`."] as const,
  ),
  ...["stream", "streaming", "includepartialmessages"].map(
    (key) => [key, "Read the events of `thread.runStreamed(input)`."] as const,
  ),
  ...["images", "image", "attachments"].map(
    (key) => [key, 'Pass images in the input: `[{ type: "local_image", path }]`.'] as const,
  ),
  ...["threadid", "sessionid", "conversationid", "previousresponseid", "resume"].map(
    (key) => [key, "Continue a thread with `codex.resumeThread(id)`."] as const,
  ),
  ...["mcpservers", "mcp"].map(
    (key) => [key, "Configure MCP servers in `config: { mcp_servers: { name: { command, args } } }`."] as const,
  ),
  ...["allowedtools", "disallowedtools"].map(
    (key) => [key, "Decide about tools with `onApproval` and the rules `match`, `allow` and `deny`."] as const,
  ),
]);
