import type { JsonObject } from "../../internal/json.js";
import type { ServerNotifications } from "../generated/methods.js";

/** What every event has. */
export interface EventBase {
  readonly type: string;
  readonly threadId: string | null;
  /** Null on exec, whose turns have no id, and on what belongs to no turn. */
  readonly turnId: string | null;
  /** When the app-server sent it, in milliseconds since 1970. */
  readonly emittedAtMs?: number;
  /**
   * The line that the event was decoded from, if the client has `keepRaw`; a `codexkit.protocolWarning` has it in any case. It
   * is not enumerable: JSON, logs and comparisons omit it.
   */
  readonly raw?: string;
  /** Present only where the line held something that has no place of its own in the event. */
  readonly "codexkit.wire"?: WireResidue;
}

/** What keeps `encodeEvent(decode(line))` exact: keys of the line that the event itself has no room for. */
export interface WireResidue {
  /** Keys beside `method`, `params` and `emittedAtMs`. */
  readonly envelope?: JsonObject;
  /** Keys of the params, or of exec's line, that clash with a field of the event. */
  readonly params?: JsonObject;
  /** What this method usually carries, and this line did not. */
  readonly absent?: readonly string[];
}

/** The event of a notification: its params, with `type`, `threadId` and `turnId` always there. */
export type NotificationEvent<Method extends keyof ServerNotifications> = EventBase &
  Readonly<Omit<ServerNotifications[Method], "threadId" | "turnId">> & {
    readonly type: EventType<Method>;
    readonly threadId: ServerNotifications[Method] extends { threadId: string } ? string : string | null;
  };

/** A method written as an event type: `item/agentMessage/delta` gives `item.agentMessage.delta`. */
export type EventType<Method extends string> = Method extends `${infer Head}/${infer Rest}`
  ? `${Head}.${EventType<Rest>}`
  : Method;
