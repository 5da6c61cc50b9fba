import { setTimeout as delay } from "node:timers/promises";
import type { StoredTurn } from "../../transport/transport.js";
import type { Input } from "../turn/turn-input.js";
import type { AutoRunTurn } from "./auto-run-result.js";
import type { AutoRunState } from "./auto-run-state.js";
import type { SettledTurn } from "./live-turn.js";

/** The thread's history as codex has stored it. */
export interface TurnHistory {
  readonly id: string | null;
  /** Returns the last turns, oldest first. Null if they cannot be read, undefined if the transport has no stored history. */
  storedTurns(signal?: AbortSignal): Promise<readonly StoredTurn[] | null | undefined>;
}

/** The facts that identify a turn of a run in the history. */
export interface OwnTurn {
  /** Null on exec, and before codex has reported it. */
  readonly turnId: string | null;
  /** The time at which the run opened the turn, in milliseconds since 1970. */
  readonly openedAt: number;
  readonly input: Input;
}

/** Milliseconds that codex may take to write the end of a turn that it has reported. */
const writeMs = 1_000;
const pauseMs = 50;

/**
 * Whether a failed turn has done work, or may have: codex reports no item for a command that the sandbox partly refused, or
 * that it had just started when it died, so its history is read. True if that is unknown. It takes at most a
 * second.
 */
export async function hasWorked(thread: TurnHistory, settled: SettledTurn, state: AutoRunState): Promise<boolean> {
  const { started, turn } = settled;
  if (settled.hadSideEffect) return true;
  const ended = turn.status !== "inProgress";
  const deadline = performance.now() + writeMs;
  for (;;) {
    const stored = await thread.storedTurns().catch(() => null);
    if (stored === undefined) return false;
    // App-server has turn ids, and reports the tokens of each answer of the model.
    if (stored === null) return started && !(ended && turn.turnId !== null);
    const own = findOwnTurn(stored, { turnId: turn.turnId, openedAt: state.openedAt ?? 0, input: state.input });
    const written = own !== null && own.status !== "inProgress";
    if (ended && !written && performance.now() < deadline) await delay(pauseMs);
    else return own === null ? started : own.worked;
  }
}

/**
 * Returns the turn at which a run stopped if it completed according to codex's history. Its items are not restored. Null if it
 * did not complete, or if that is unknown. Rejects if the thread cannot be loaded, for example because another process has it
 * loaded: a later try could load it, and would repeat a turn that completed.
 */
export async function readCompletedTurn(
  thread: TurnHistory,
  { input, openedAt, turn, attempt, reason }: AutoRunState,
  signal: AbortSignal,
): Promise<AutoRunTurn | null> {
  if (openedAt === undefined) return null;
  const stored = (await thread.storedTurns(signal)) ?? null;
  const own = stored === null ? null : findOwnTurn(stored, { turnId: null, openedAt, input });
  if (own?.status !== "completed") return null;
  const { turnId, finalResponse } = own;
  const nothing = {
    items: [],
    unfinishedItems: [],
    usage: {},
    threadId: thread.id,
    durationMs: 0,
    error: null,
    warnings: [],
  };
  return { ...nothing, status: "completed", turnId, finalResponse, turn, attempt, reason };
}

/** Returns the turn of the run in the history, or null if it is not there. */
function findOwnTurn(stored: readonly StoredTurn[], { turnId, openedAt, input }: OwnTurn): StoredTurn | null {
  if (turnId !== null) return stored.find((turn) => turn.turnId === turnId) ?? null;
  const texts = textsOf(input);
  const isOwn = (turn: StoredTurn): boolean =>
    turn.startedAt >= openedAt && texts.every((text) => turn.input.includes(text));
  return stored.find(isOwn) ?? null;
}

function textsOf(input: Input): readonly string[] {
  const parts = typeof input === "string" ? [input] : input.flatMap((part) => (part.type === "text" ? part.text : []));
  return parts.map((text) => text.trim());
}
