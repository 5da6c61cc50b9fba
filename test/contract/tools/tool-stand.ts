import type {
  AnyTool,
  CodexOptions,
  ThreadEvent,
  Thread,
  ThreadStartOptions,
  ToolRegistry,
  Turn,
  TurnOptions,
  TurnResult,
} from "../../../src/index.js";
import type { JsonValue } from "../../../src/internal/json.js";
import type { ToolCompletedEvent } from "../../../src/protocol/index.js";
import {
  functionCall,
  message,
  type ModelItem,
  type ModelRequest,
  respond,
  stall,
} from "../../../src/testing/index.js";
import { type Harness, harnesses, type Stand } from "../harnesses.js";

/** The fake exec is left out, because it plays MCP calls from its script and does not call an MCP server. */
export const toolHarnesses = harnesses.filter(({ name }) => name !== "exec on the fake");

export interface ToolPlay {
  readonly tools: ToolRegistry | readonly AnyTool[];
  /** The model's first answer. Its last answer is "Done.". */
  readonly calls: readonly ModelItem[] | (() => readonly ModelItem[]);
  readonly codex?: CodexOptions;
  readonly thread?: ThreadStartOptions;
  readonly turn?: TurnOptions;
  /** The model's answers between the first one and "Done.". */
  readonly more?: readonly (readonly ModelItem[])[];
  /** Replaces "Done." by an answer without an end, so that a turn that the test interrupts does not end before. */
  readonly thinks?: boolean;
  /** Runs during the turn, and is awaited. */
  readonly beside?: (running: {
    readonly turn: Turn<unknown>;
    readonly thread: Thread;
    readonly stand: Stand;
  }) => Promise<unknown>;
  /** Called for each event. */
  readonly onEvent?: (event: ThreadEvent, turn: Turn<unknown>) => void;
}

export interface ToolPlayed {
  readonly events: readonly ThreadEvent[];
  readonly result: TurnResult | null;
  readonly error: unknown;
  readonly threadId: string | null;
  /** The last model request, with the results of the calls. Undefined if there was only one request. */
  readonly request: ModelRequest | undefined;
  /** Returns the output of a call in the model request, without the text that codex adds. */
  readonly output: (callId: string) => string | undefined;
}

/** A call of a host tool by the model, in the form of this transport. */
export function callTool(harness: Harness, name: string, args: JsonValue, callId: string): ModelItem {
  return functionCall(name, args, { callId, ...(harness.transport === "exec" ? { namespace: "mcp__codexkit" } : {}) });
}

/** One turn in which the model calls tools. */
export async function playTools(harness: Harness, play: ToolPlay): Promise<ToolPlayed> {
  const {
    tools,
    calls,
    more = [],
    thinks = false,
    codex = {},
    thread: own = {},
    turn: options = {},
    beside,
    onEvent,
  } = play;
  let request: ModelRequest | undefined;
  const next = [...more, thinks ? [stall()] : [message("Done.")]].map((items) => (given: ModelRequest) => {
    request = given;
    return respond(...items);
  });
  const first = () => respond(...(typeof calls === "function" ? calls() : calls));
  await using stand = await harness.open([first, ...next], { codex });
  const thread = stand.codex.startThread({ ...stand.thread, ...own, tools });
  const turn = thread.runStreamed("Go", options);
  const events: ThreadEvent[] = [];
  const read = async (): Promise<void> => {
    for await (const event of turn) {
      events.push(event);
      onEvent?.(event, turn);
    }
  };
  /** Closes the client if `beside` throws, so that the turn ends, too. */
  const guarded = async (): Promise<void> => {
    try {
      await beside?.({ turn, thread, stand });
    } catch (error) {
      await stand.codex.close();
      throw error;
    }
  };
  const [, aside, ended] = await Promise.allSettled([read(), guarded(), turn.result()]);
  if (aside.status === "rejected") throw aside.reason;
  const result = ended.status === "fulfilled" ? ended.value : null;
  const error: unknown = ended.status === "rejected" ? ended.reason : null;
  return { events, result, error, threadId: thread.id, request, output: (callId) => outputIn(request, callId) };
}

/** Returns the output of a call in a model request. Codex adds the time before the output of an MCP server. */
export function outputIn(request: ModelRequest | undefined, callId: string): string | undefined {
  return request?.output(callId)?.replace(/^Wall time: .*\nOutput:\n?/, "");
}

/** Returns the outcomes of the calls of a turn, by id. Fails unless each call started and ended exactly once. */
export function endsIn(events: readonly ThreadEvent[]): Record<string, ToolCompletedEvent> {
  const started = events.flatMap((event) => (event.type === "codexkit.tool.started" ? [event.callId] : []));
  const ended = events.flatMap((event) => (event.type === "codexkit.tool.completed" ? [event] : []));
  if (new Set(started).size !== started.length) throw new Error(`a call started twice: ${started.join()}`);
  const ids = ended.map(({ callId }) => callId);
  if ([...ids].sort().join() !== [...started].sort().join())
    throw new Error(`started ${started.join()}, but ended ${ids.join()}`);
  return Object.fromEntries(ended.map((event) => [event.callId, event]));
}

/** The types of the events, without those of codex's own items and tokens. */
export function ownTypesIn(events: readonly ThreadEvent[]): readonly string[] {
  return events.flatMap(({ type }) => (type.startsWith("codexkit.") || type === "turn.completed" ? [type] : []));
}
