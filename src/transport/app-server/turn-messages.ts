import { clearTimeout, setTimeout } from "node:timers";
import { ProtocolError } from "../../errors/protocol-error.js";
import { isJsonObject } from "../../internal/json.js";
import type { ThreadEvent } from "../../protocol/index.js";
import { ThreadNotFoundError } from "../launch/codex-errors.js";
import type { TurnMessage } from "../transport.js";
import { withDeadline } from "../../internal/time/with-deadline.js";

/** Whether a message belongs to this turn or to one of its sub-agents. */
export function isOfTurn(message: TurnMessage, turnId: string): boolean {
  if (message.kind === "request" || message.agent !== undefined) return true;
  const { event } = message;
  // On resume codex reports the usage of the previous turn, from which this turn's usage is counted.
  return event.turnId === null || event.turnId === turnId || event.type === "thread.tokenUsage.updated";
}

export function isStart(message: TurnMessage): boolean {
  return message.kind === "event" && message.event.type === "turn.started" && message.agent === undefined;
}

export function isTerminal(message: TurnMessage): boolean {
  return message.kind === "event" && message.event.type === "turn.completed" && message.agent === undefined;
}

/** Throws if the turn has ended without a terminal event, because nothing further would come. */
export function refuseOtherEnds(batch: readonly TurnMessage[], turnId: string): void {
  for (const message of batch) {
    if (message.kind !== "event" || message.agent !== undefined) continue;
    const { event } = message;
    if (event.type === "codexkit.unknown") refuseUnreadableEnd(event, turnId);
    if (event.type !== "thread.closed") continue;
    throw new ThreadNotFoundError(
      event.threadId,
      "codex closed it while its turn ran. Another program may have archived or deleted it.",
    );
  }
}

function refuseUnreadableEnd(event: Extract<ThreadEvent, { type: "codexkit.unknown" }>, turnId: string): void {
  const { method, params, problem } = event;
  if (method !== "turn/completed" || !isJsonObject(params) || !isJsonObject(params["turn"])) return;
  if (params["turn"]["id"] === turnId) throw new ProtocolError(`Codex ended the turn unreadably: ${problem ?? ""}`);
}

/**
 * Returns the end of a turn for a line over the size bound, which has been cut off, or null if the line is no end. The event
 * has no status: `refuseOtherEnds` ends the turn with an error.
 */
export function readCutEnd(line: string): (ThreadEvent & { readonly threadId: string }) | null {
  const method = "turn/completed";
  if (!line.startsWith(`{"method":"${method}"`)) return null;
  const head = line.slice(0, maxHeadLength);
  const threadId = /"threadId":"([^"\\]+)"/.exec(head)?.[1];
  const turnId = /"turn":\{"id":"([^"\\]+)"/.exec(head)?.[1];
  if (threadId === undefined || turnId === undefined) return null;
  const params = { threadId, turn: { id: turnId } };
  return { type: "codexkit.unknown", threadId, turnId, method, params, problem: cutEndProblem };
}

/** Codex writes the ids of a notification before its contents. */
const maxHeadLength = 1_000;

const cutEndProblem = "Its last event is a line over the bound of 64 MiB, which was dropped.";

/** Returns a warning about a sub-agent of the turn: it was interrupted because of its permissions, or it lacks the host tools. */
export function toAgentWarning(
  kind: "exceeds" | "lacksTools",
  ids: { readonly threadId: string; readonly turnId: string },
): TurnMessage {
  return { kind: "event", event: { type: "codexkit.warning", ...ids, ...agentWarnings[kind] } };
}

const agentWarnings = {
  exceeds: {
    code: "AGENT_EXCEEDS_TURN",
    message:
      "A sub-agent of an earlier turn was interrupted: codex keeps the sandbox and the approval policy with which it was started, " +
      "and they allow its commands more than those of this turn. Let the model start a new sub-agent.",
  },
  lacksTools: {
    code: "AGENT_WITHOUT_TOOLS",
    message:
      "A sub-agent started that cannot call the host tools of this thread: codex passes them only to sub-agents that inherit " +
      "the history of the thread. Serve the tools by an MCP server (`mcp_servers` in `config`), or set `maxAgents: 0`.",
  },
} as const;

/** Returns the event that the thread was started anew, because codex had lost it before its first turn. */
export function toReplacedEvent(replacedThreadId: string, threadId: string): TurnMessage {
  return { kind: "event", event: { type: "codexkit.thread.replaced", threadId, turnId: null, replacedThreadId } };
}

/** Milliseconds that may pass between the answer to `turn/start` and the turn's first event. They usually come together. */
const apartMs = 1_000;

/**
 * Resolves with the turn's id: from the answer to `turn/start`, or from the turn's first event if that answer is lost or
 * cannot be decoded. The answer has priority, because a thread also has turns that no request started, such as a compaction.
 * Rejects if codex refuses the request: then there is no turn.
 */
export async function resolveTurnId(answer: Promise<string>, turnStarted: Promise<string>): Promise<string> {
  try {
    return await firstOf(answer, turnStarted);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return await withDeadline(turnStarted, { timeoutMs: apartMs, onTimeout: () => error });
  }
}

/** Settles as the answer does, or resolves with the id of the event if the answer comes much later. */
function firstOf(answer: Promise<string>, turnStarted: Promise<string>): Promise<string> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    let answered = false;
    const settled = (): void => {
      answered = true;
      clearTimeout(timer);
    };
    answer.then(settled, settled);
    answer.then(resolve, reject);
    turnStarted.then(
      (id) => {
        if (!answered) timer = setTimeout(() => resolve(id), apartMs);
      },
      () => undefined,
    );
  });
}
