import { attachRaw } from "./attach-raw.js";
import type { ProtocolWarningEvent } from "./own-event.js";

const previewLength = 200;

export interface BadLine {
  readonly text: string;
  readonly truncated?: boolean | undefined;
  readonly threadId?: string | null | undefined;
}

/** Returns the event for a line that is not part of the protocol. Its `raw` is the whole line. */
export function toProtocolWarning(message: string, line: BadLine): ProtocolWarningEvent {
  const { text, truncated = false, threadId = null } = line;
  const preview = text.slice(0, previewLength).replace(/[\uD800-\uDBFF]$/, "");
  return attachRaw(
    { type: "codexkit.protocolWarning", threadId, turnId: null, message, preview, truncated } as const,
    text,
  );
}
