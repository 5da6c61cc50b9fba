import { channel } from "node:diagnostics_channel";

/** What a `diagnostics_channel` message of codexkit looks like. `operation` is the same object from start to end. */
export interface DiagnosticMessage {
  readonly phase: "start" | "end" | "error" | "event";
  /** Pairs the messages of one operation; compare it by identity. */
  readonly operation: object;
  readonly [detail: string]: unknown;
}

/** The subjects codexkit publishes, each on the channel `codexkit:<subject>`. */
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
 * Publishes on `node:diagnostics_channel`. It costs a property read while nobody subscribes; a subscriber that throws
 * is reported by Node itself and never reaches the caller.
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
