import type { CodexkitWarningEvent } from "../../protocol/index.js";
import type { TurnMessage } from "../transport.js";

/** The part of a warning that its author knows. */
export type Warning = Pick<CodexkitWarningEvent, "code" | "message">;

/** Returns the message of a warning that precedes a turn. `threadId` is null on exec before the thread's first turn. */
export function toWarning({ code, message }: Warning, threadId: string | null): TurnMessage {
  return { kind: "event", event: { type: "codexkit.warning", threadId, turnId: null, code, message } };
}
