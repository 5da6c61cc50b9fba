import type { CodexkitWarningEvent, ThreadEvent } from "../../protocol/index.js";

/** A warning of a turn's result. */
export type TurnWarning = Pick<CodexkitWarningEvent, "code" | "message">;

/** The code of the warning that codex could not save the turn, and of the error if the turn is lost. */
export const unsavedCode = "THREAD_NOT_SAVED";

/** Returns the warning that an event of codexkit stands for, or null. */
export function toTurnWarning(event: ThreadEvent): TurnWarning | null {
  switch (event.type) {
    case "codexkit.warning":
      return { code: event.code, message: event.message };
    case "codexkit.thread.unsaved":
      return { code: unsavedCode, message: event.message };
    case "mcpServer.startupStatus.updated":
      if (event.status !== "failed") return null;
      return { code: "MCP_SERVER_FAILED", message: event.error ?? `The MCP server ${event.name} did not start.` };
    default:
      return null;
  }
}

/** Returns the events, with a `codexkit.thread.unsaved` behind each message that codex could not save the turn. */
export function withUnsaved(events: readonly ThreadEvent[], turnId: string | null): readonly ThreadEvent[] {
  if (!events.some(isUnsaved)) return events;
  let current = turnId;
  return events.flatMap((event): readonly ThreadEvent[] => {
    current = event.turnId ?? current;
    const message = isUnsaved(event) ? messageOf(event) : null;
    if (message === null) return [event];
    return [event, { type: "codexkit.thread.unsaved", threadId: event.threadId, turnId: current, message }];
  });
}

function isUnsaved(event: ThreadEvent): boolean {
  return messageOf(event)?.startsWith(unsavedPrefix) === true;
}

/** Returns the text of a warning of codex: a notification on app-server, an item on exec. */
function messageOf(event: ThreadEvent): string | null {
  if (event.type === "warning") return event.message;
  return event.type === "item.completed" && event.item.type === "error" ? event.item.message : null;
}

/** The message of 0.169.0. */
const unsavedPrefix = "Failed to save the conversation transcript";
