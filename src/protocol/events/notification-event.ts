import type { JsonObject } from "../../internal/json.js";
import type { ServerNotifications } from "../generated/methods.js";

/** The fields of every event. */
export interface EventBase {
  readonly type: string;
  readonly threadId: string | null;
  /** Null on exec, whose turns have no id, and for events of no turn. */
  readonly turnId: string | null;
  /** The time when the app-server sent it, in milliseconds since 1970. */
  readonly emittedAtMs?: number;
  /**
   * The line that the event was decoded from, if the client has `keepRaw`; a `codexkit.protocolWarning` has it in any
   * case. It is not enumerable: JSON, logs and comparisons omit it.
   */
  readonly raw?: string;
  /** Present only if the line has data without a field of their own in the event. */
  readonly "codexkit.wire"?: WireResidue;
}

/** The keys of a line that the event itself has no field for. They keep `encodeEvent(decode(line))` exact. */
export interface WireResidue {
  /** Keys beside `method`, `params` and `emittedAtMs`. */
  readonly envelope?: JsonObject;
  /** Keys of the params, or of exec's line, that clash with a field of the event. */
  readonly params?: JsonObject;
  /** Keys that this method usually has and this line does not have. */
  readonly absent?: readonly string[];
}

/** The event of a notification: its params with `type`, `threadId` and `turnId`. */
export type NotificationEvent<Method extends keyof ServerNotifications> = EventBase &
  Readonly<Omit<ServerNotifications[Method], "threadId" | "turnId">> & {
    readonly type: EventType<Method>;
    readonly threadId: ServerNotifications[Method] extends { threadId: string } ? string : string | null;
  };

/** A method as an event type: `item/agentMessage/delta` becomes `item.agentMessage.delta`. */
export type EventType<Method extends string> = Method extends `${infer Head}/${infer Rest}`
  ? `${Head}.${EventType<Rest>}`
  : Method;
