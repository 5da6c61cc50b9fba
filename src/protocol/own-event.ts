import type { JsonValue } from "../internal/json.js";
import type { EventBase } from "./notification-event.js";

/** Events that codexkit itself adds. All of them live under `codexkit.`. */
export type CodexkitEvent =
  UnknownEvent | ProtocolWarningEvent | CodexkitWarningEvent | RequestRefusedEvent | StreamLaggingEvent;

/** Codex said something this version does not know, or a known thing without its required fields; nothing of it is lost. */
export interface UnknownEvent extends EventBase {
  readonly type: "codexkit.unknown";
  /** The notification's method, or the `type` of exec's line. */
  readonly method: string;
  /** The notification's params, or the rest of exec's line; absent where there were none. */
  readonly params?: JsonValue;
  /** Why a known method could not be read. */
  readonly problem?: string;
}

/** A line was not part of the protocol. The stream goes on. */
export interface ProtocolWarningEvent extends EventBase {
  readonly type: "codexkit.protocolWarning";
  readonly message: string;
  /** The first 200 characters of the line. */
  readonly preview: string;
  /** The line was over the size bound and cut before it was read. */
  readonly truncated: boolean;
}

/** Something codexkit wants to be known, and that stops nothing. */
export interface CodexkitWarningEvent extends EventBase {
  readonly type: "codexkit.warning";
  readonly message: string;
  readonly code: string;
}

/** Codex asked for something and codexkit refused it, because nobody else answered. */
export interface RequestRefusedEvent extends EventBase {
  readonly type: "codexkit.request.refused";
  readonly method: string;
  readonly requestId: string | number;
  readonly reason: string;
}

/** The consumer is slower than the stream, so deltas were joined. */
export interface StreamLaggingEvent extends EventBase {
  readonly type: "codexkit.stream.lagging";
  /** How many events were joined into others. */
  readonly coalesced: number;
}
