import { channel } from "node:diagnostics_channel";

/** A `diagnostics_channel` message of codexkit. */
export interface DiagnosticMessage {
  readonly phase: "start" | "end" | "error" | "event";
  /** The same object in all messages of one operation. Compare it by identity. */
  readonly operation: object;
  /** The operation of the turn, in messages about an item, a call of a host tool or an approval. */
  readonly parent?: object;
  readonly [detail: string]: unknown;
}

/** The subjects that codexkit publishes, each on the channel `codexkit:<subject>`. */
export type DiagnosticSubject = "client" | "process" | "turn" | "item" | "tool" | "approval";

const channels = {
  client: channel("codexkit:client"),
  process: channel("codexkit:process"),
  turn: channel("codexkit:turn"),
  item: channel("codexkit:item"),
  tool: channel("codexkit:tool"),
  approval: channel("codexkit:approval"),
} as const;

/**
 * Publishes on `node:diagnostics_channel`. Without subscribers it costs a property read. Node reports an error that a
 * subscriber throws; the error never reaches the caller.
 *
 * @example
 * ```ts
 * import { subscribe } from "node:diagnostics_channel";
 *
 * subscribe("codexkit:turn", (message) => console.error(message));
 * ```
 */
export function publish(subject: DiagnosticSubject, message: () => DiagnosticMessage): void {
  const target = channels[subject];
  if (target.hasSubscribers) target.publish(message());
}
