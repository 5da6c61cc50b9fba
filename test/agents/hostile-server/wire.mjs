// Messages of codex 0.169.0 as plain values. A test checks each of them against the schema of the real binary.

/**
 * One JSON-RPC message in either direction.
 * @typedef {Record<string, unknown>} Message
 */

/** The id of the thread that the server starts. */
export const threadId = "01a2b3c4-0000-7000-8000-000000000001";

/** The id of an unrelated thread. */
export const foreignThreadId = "01a2b3c4-0000-7000-8000-00000000ffff";

/** @param {number} number */
export function turnIdOf(number) {
  return `01a2b3c4-0000-7000-9000-${String(number).padStart(12, "0")}`;
}

/** @param {string} clientName */
export function greeting(clientName) {
  return {
    userAgent: `${clientName}/0.169.0 (Debian 12.0.0; x86_64) unknown (${clientName}; 0.0.0)`,
    codexHome: "/codex-home",
    platformFamily: "unix",
    platformOs: "linux",
  };
}

/** @param {string} id */
export function threadAnswer(id) {
  return {
    thread: thread(id),
    model: "gpt-5.5",
    modelProvider: "fake",
    serviceTier: null,
    disabledPluginIds: [],
    cwd: "/",
    runtimeWorkspaceRoots: ["/"],
    instructionSources: [],
    approvalPolicy: "never",
    approvalsReviewer: "user",
    sandbox: { type: "readOnly", networkAccess: false },
    activePermissionProfile: null,
    reasoningEffort: null,
    multiAgentMode: "explicitRequestOnly",
  };
}

/** @param {string} id */
function thread(id) {
  return {
    id,
    environments: [{ environmentId: "local", cwd: "/", runtimeWorkspaceRoots: ["/"] }],
    extra: null,
    sessionId: id,
    forkedFromId: null,
    attachedToThreadId: null,
    parentThreadId: null,
    preview: "",
    ephemeral: false,
    section: null,
    sectionEnteredAt: null,
    projectId: null,
    historyMode: "paginated",
    modelProvider: "fake",
    model: "gpt-5.5",
    reasoningEffort: null,
    createdAt: 1,
    updatedAt: 1,
    recencyAt: 1,
    status: { type: "idle" },
    path: null,
    cwd: "/",
    cliVersion: "0.169.0",
    originator: "codexkit",
    source: "vscode",
    canAcceptDirectInput: true,
    threadSource: null,
    agentNickname: null,
    agentRole: null,
    gitInfo: null,
    name: null,
    daybreakEnabled: null,
    turns: [],
  };
}

/**
 * @param {string} id
 * @param {"inProgress" | "completed" | "interrupted"} status
 * @param {readonly unknown[]} items
 */
export function turn(id, status = "inProgress", items = []) {
  const completedAt = status === "inProgress" ? null : 1;
  return {
    id,
    rootTurnId: id,
    items,
    itemsView: items.length === 0 ? "notLoaded" : "summary",
    status,
    error: null,
    startedAt: 1,
    completedAt,
    durationMs: completedAt,
  };
}

/**
 * @param {string} id
 * @param {string} text
 */
export function agentMessage(id, text) {
  const unset = { moderation: null, phase: null, memoryCitation: null, delivery: null, questions: null };
  return { type: "agentMessage", id, text, ...unset, startedAtMs: 1, completedAtMs: null };
}

/**
 * @param {string} id
 * @param {string} text
 */
export function userMessage(id, text) {
  const content = [{ type: "text", text, text_elements: [] }];
  return { type: "userMessage", id, clientId: null, content, startedAtMs: 1, completedAtMs: 1 };
}

export function tokenUsage() {
  const usage = {
    totalTokens: 120,
    inputTokens: 100,
    cachedInputTokens: 40,
    cacheWriteInputTokens: 0,
    outputTokens: 20,
    reasoningOutputTokens: 6,
  };
  return { total: usage, last: usage, modelContextWindow: 258_400 };
}

/**
 * The approval request that codex sends before it runs a command.
 * @param {string} thread
 * @param {string} turn
 */
export function commandApproval(thread, turn) {
  return {
    threadId: thread,
    turnId: turn,
    itemId: "call_1",
    startedAtMs: 1,
    environmentId: null,
    command: "ls",
    cwd: "/",
  };
}
