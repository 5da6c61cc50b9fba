import type { CodexError } from "../errors/codex-error.js";
import { createDeferred } from "../internal/deferred.js";
import type { JsonValue } from "../internal/json.js";
import { onAbort } from "../internal/on-abort.js";
import type { ToolCompletedEvent, ToolStartedEvent } from "../protocol/index.js";
import { type CallEnd, failedEnd } from "./call-end.js";
import { errorText } from "./error-text.js";
import { runCall } from "./run-call.js";
import type { AnyTool } from "./tool.js";
import type { ToolCall, ToolLogger } from "./tool-call.js";
import type { HostedToolResult } from "./tool-host.js";
import { flatNameOf } from "./tool-key.js";
import type { ToolSet } from "./tool-set.js";

/** What a call needs of its turn. */
export interface ToolCallHost {
  readonly tools: ToolSet;
  /** What the tool gets as `context`. */
  readonly context: unknown;
  /** Which try of the turn it is, from 1. */
  readonly attempt: number;
  readonly logger: ToolLogger;
  /** Fires when the turn ends, or nobody waits for the answer any longer. */
  readonly signal: AbortSignal;
  emit(event: ToolStartedEvent | ToolCompletedEvent): void;
  /** Asks whether a call may be made. Without it the answer is no. */
  readonly approve?: ((request: ToolApprovalQuestion) => Promise<ToolApproval>) | undefined;
  /** Ends the turn by this error, after the call is answered. */
  stop(error: CodexError): void;
}

export interface ToolApprovalQuestion {
  readonly call: ToolCall;
  readonly tool: AnyTool;
  /** Validated: what `execute` would get. */
  readonly arguments: JsonValue;
  readonly signal: AbortSignal;
}

export type ToolApproval =
  { readonly kind: "accepted" } | { readonly kind: "declined"; readonly reason?: string | null | undefined };

/**
 * Answers a call of one of the host's tools, and never rejects: whatever goes wrong becomes text that the model can act on.
 * Emits one `codexkit.tool.started` and one `codexkit.tool.completed`; the latter synchronously when the signal fires, after
 * which a late result is nothing to anybody.
 */
export async function callTool(call: ToolCall, host: ToolCallHost): Promise<HostedToolResult> {
  const { threadId, turnId, callId, tool: name, namespace } = call;
  const started = performance.now();
  const tool = host.tools.find(namespace, name);
  const told = { threadId, turnId, callId, tool: tool?.name ?? name, namespace: tool?.namespace ?? namespace };
  const ended = createDeferred<HostedToolResult>();
  const end = ({ outcome, message, success, contentItems }: CallEnd): void => {
    if (ended.settled) return;
    ended.resolve({ success, contentItems });
    const ms = performance.now() - started;
    if (tool !== null) host.tools.record(tool, outcome, ms);
    host.emit({ type: "codexkit.tool.completed", ...told, outcome, message, ms });
  };
  host.emit({ type: "codexkit.tool.started", ...told });
  const stopWaiting = onAbort(host.signal, () =>
    end(failedEnd("aborted", "The call was given up before it was done.")),
  );
  if (!ended.settled) {
    const done = tool === null ? Promise.resolve(unknownTool(name, host.tools)) : runCall(tool, call, host);
    done.then(end, (error: unknown) =>
      end(failedEnd("threw", `The call failed: ${errorText(error) ?? "nothing is known of it"}`)),
    );
  }
  try {
    return await ended.promise;
  } finally {
    stopWaiting();
  }
}

const maxNames = 30;

function unknownTool(name: string, tools: ToolSet): CallEnd {
  const names = tools.definitions().map((definition) => `\`${flatNameOf(definition)}\``);
  const more = names.length > maxNames ? ` and ${names.length - maxNames} more` : "";
  const known = names.length === 0 ? "There are none." : `There are ${names.slice(0, maxNames).join(", ")}${more}.`;
  return failedEnd("unknownTool", `There is no tool \`${name}\`. ${known}`);
}
