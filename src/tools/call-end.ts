import type { JsonObject } from "../internal/json.js";
import type { ToolOutcome } from "../protocol/index.js";
import { textItem } from "./text-item.js";
import type { HostedToolResult } from "./tool-host.js";

/** How a call ended: what codex is answered, and what the stream is told. */
export interface CallEnd extends HostedToolResult {
  readonly outcome: ToolOutcome;
  /** Null where there is nothing to tell. */
  readonly message: string | null;
}

/** The end of a call that did not succeed. The model is told the message, unless there is something better. */
export function failedEnd(outcome: ToolOutcome, message: string, contentItems?: readonly JsonObject[]): CallEnd {
  const { item } = textItem(message, maxMessageLength);
  return { outcome, message: item.text, success: false, contentItems: contentItems ?? [item] };
}

const maxMessageLength = 8_000;
