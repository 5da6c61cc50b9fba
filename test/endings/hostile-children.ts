import { fileURLToPath } from "node:url";
import type { CaseReport, Ending, HostCase } from "./run-case.js";

/** An executable of `test/agents/hostile/`, and the outcome of a turn on it that is not ended from outside. */
export interface HostileChild {
  readonly name: string;
  /** The behaviour, to follow "a codex that". The ids name defects of the official SDK. */
  readonly behaviour: string;
  /** `endless`: the executable never ends by itself. */
  readonly own: OwnEnd | "endless";
  /** Whether the executable sends no event at which a reader could stop. */
  readonly silent?: boolean;
  readonly host?: Pick<HostCase, "promptLength" | "resume" | "abortAtProcess">;
}

/** The end of a turn: its status, or the error's code and the expected parts of its message. */
export type OwnEnd =
  | { readonly end: "completed"; readonly answerLength?: number; readonly output?: string }
  | {
      readonly end: "PROCESS_EXITED" | "TRANSPORT_CLOSED" | "PROTOCOL_ERROR" | "TURN_FAILED";
      readonly exitCode?: number;
      readonly signal?: string;
      readonly message?: string;
    };

const completed: OwnEnd = { end: "completed", output: '{"ok":true}' };
/** More characters than a pipe holds, below codex's own limit. */
const largePrompt = { promptLength: 1_000_000 };

export const hostileChildren: readonly HostileChild[] = [
  {
    name: "exits-before-prompt",
    behaviour: "exits before it has read its large prompt (R2, T1)",
    own: { end: "PROCESS_EXITED", exitCode: 3, message: "no more luck" },
    silent: true,
    host: largePrompt,
  },
  {
    name: "half-a-line",
    behaviour: "exits with code 0 after half a line (T4)",
    own: { end: "PROCESS_EXITED", exitCode: 0 },
  },
  { name: "garbage-lines", behaviour: "writes lines that are no events (T7)", own: completed },
  { name: "null-line", behaviour: "writes a bare null (T7)", own: completed },
  { name: "ansi-noise", behaviour: "writes colours and progress bars among its events (T7)", own: completed },
  {
    name: "line-separator",
    behaviour: "has a raw U+2028 in its answer (R1)",
    own: { end: "completed", output: '{"ok":true,"text":"one\u2028two\u2029three"}' },
  },
  { name: "huge-line", behaviour: "answers in one line of 12 MB", own: { end: "completed", answerLength: 12_000_021 } },
  { name: "floods-stderr", behaviour: "floods its stderr (T13)", own: completed },
  {
    name: "error-then-exit-0",
    behaviour: "sends an error and exits with code 0 (R4, T4)",
    own: { end: "PROCESS_EXITED", exitCode: 0, message: "the model is out of order" },
  },
  {
    name: "silent-exit-0",
    behaviour: "exits with code 0 and without output (T4)",
    own: { end: "PROCESS_EXITED", exitCode: 0 },
    silent: true,
  },
  {
    name: "exit-0-after-answer",
    behaviour: "answers and exits with code 0 without an end of the turn (T4)",
    own: { end: "PROCESS_EXITED", exitCode: 0 },
  },
  { name: "dies-midway", behaviour: "exits with code 9 midway", own: { end: "PROCESS_EXITED", exitCode: 9 } },
  { name: "kills-itself", behaviour: "is killed midway", own: { end: "PROCESS_EXITED", signal: "SIGKILL" } },
  { name: "ignores-signals", behaviour: "ignores every signal that it can, as do its shells (T3)", own: "endless" },
  { name: "stops-itself", behaviour: "is stopped and gets no signal but SIGKILL (T3)", own: "endless" },
  {
    name: "grandchild-holds-stdout",
    behaviour: "leaves its stdout open in a grandchild after its turn (T8)",
    own: completed,
  },
  {
    name: "grandchild-holds-stdout-without-end",
    behaviour: "exits midway and leaves its stdout open in a grandchild (R5, T8)",
    own: { end: "PROCESS_EXITED", exitCode: 0 },
  },
  { name: "starts-daemon", behaviour: "starts a daemon in a session of its own", own: completed },
  { name: "starts-stubborn-daemon", behaviour: "starts a daemon that ignores SIGTERM (T3)", own: completed },
  { name: "double-forks-daemon", behaviour: "starts a daemon whose parents are gone", own: completed },
  { name: "never-starts", behaviour: "never writes anything", own: "endless", silent: true, host: largePrompt },
  {
    name: "never-tells-version",
    behaviour: "does not even print its version",
    own: "endless",
    silent: true,
    host: { abortAtProcess: 1 },
  },
  { name: "never-ends", behaviour: "writes nothing after its turn has begun", own: "endless" },
  { name: "closes-stdin", behaviour: "closes its stdin at once (R2, T1)", own: completed, host: largePrompt },
  { name: "closes-stdout", behaviour: "closes its stdout and keeps running", own: { end: "TRANSPORT_CLOSED" } },
  {
    name: "talks-after-the-end",
    behaviour: "sends events after the end of its turn and keeps running",
    own: completed,
  },
  { name: "completes-twice", behaviour: "ends its turn twice", own: completed },
  {
    name: "wrong-thread",
    behaviour: "continues with another thread than the one to resume",
    own: { end: "PROTOCOL_ERROR" },
    host: { resume: "01a2b3c4-1111-7000-8000-111111111111" },
  },
  { name: "usage-null", behaviour: "ends its turn with `usage: null` (T7)", own: completed },
  { name: "no-final-newline", behaviour: "leaves out the last line end", own: completed },
  { name: "never-reads-stdin", behaviour: "never reads its large prompt (R2, T1)", own: completed, host: largePrompt },
  {
    name: "fails-with-exit-1",
    behaviour: "exits with code 1 after a failed turn (T6)",
    own: { end: "TURN_FAILED", message: "You've hit your usage limit." },
  },
  { name: "floods-events", behaviour: "writes events without end", own: "endless" },
];

/** The bound of a turn on an endless codex, in the endings that end nothing themselves. */
const endlessMs = 800;

/** The case of a child and an ending, for the exec transport. */
export function execCase(child: HostileChild, ending: Ending): HostCase {
  return {
    // It starts Node only for the hostile part, not to print the version.
    codex: fileURLToPath(new URL("../agents/hostile/codex.sh", import.meta.url)),
    transport: "exec",
    ending,
    env: { HOSTILE_CODEX: child.name },
    ...child.host,
    ...(child.own === "endless" && isUpToChild(child, ending) ? { timeoutMs: endlessMs } : {}),
  };
}

/** Whether only the child or a bound of the turn decides when the turn is over. */
function isUpToChild({ silent = false }: HostileChild, ending: Ending): boolean {
  if (ending === "run" || ending === "leave" || ending === "abort-after" || ending === "idle-timeout") return true;
  return silent && (ending === "break" || ending === "break-and-abort" || ending === "throw");
}

/**
 * The possible outcomes of a turn. A child that ends by itself may do so before the ending takes effect; for an endless
 * one there is exactly one outcome.
 */
function possibleEnds(child: HostileChild, ending: Ending): string[] {
  const own = child.own === "endless" ? "TURN_TIMEOUT" : child.own.end;
  if (isUpToChild(child, ending)) return ending === "idle-timeout" ? ["TURN_TIMEOUT", own] : [own];
  const by = endBy[ending] ?? own;
  return certainEndings.has(ending) || child.own === "endless" ? [by] : [by, own];
}

const endBy: Partial<Record<Ending, string>> = {
  break: "interrupted",
  "break-and-abort": "interrupted",
  throw: "interrupted",
  return: "interrupted",
  interrupt: "interrupted",
  "abort-before": "ABORTED",
  "abort-at-spawn": "ABORTED",
  "abort-during": "ABORTED",
  timeout: "TURN_TIMEOUT",
  "close-thread": "CLIENT_CLOSED",
  "close-client": "CLIENT_CLOSED",
  // The first of the concurrent endings decides.
  "all-at-once": "ABORTED",
};

/** The endings that take effect before a child can act. */
const certainEndings: ReadonlySet<Ending> = new Set<Ending>(["abort-before", "abort-at-spawn"]);

/** Returns the differences between the expected and the found outcome of the turn; empty if there are none. */
export function wrongEnd(child: HostileChild, ending: Ending, { host }: CaseReport): string[] {
  const { outcome = null } = host ?? {};
  const end = outcome === null ? "nothing" : outcome.kind === "resolved" ? outcome.status : (outcome.code ?? "no code");
  const possible = possibleEnds(child, ending);
  if (!possible.includes(end)) return [`the turn came to ${end} instead of ${possible.join(" or ")}`];
  const { own } = child;
  if (outcome === null || own === "endless" || own.end !== end) return [];
  if (own.end === "completed" && outcome.kind === "resolved") {
    return [
      ...differs("output", outcome.output, own.output),
      ...differs("answer's length", outcome.finalResponseLength, own.answerLength),
    ];
  }
  if (own.end === "completed" || outcome.kind === "resolved") return [];
  return [
    ...differs("exit code", outcome.exitCode, own.exitCode),
    ...differs("signal", outcome.signal, own.signal),
    ...(own.message === undefined || outcome.message.includes(own.message) ? [] : [`its message: ${outcome.message}`]),
  ];
}

function differs<T>(name: string, found: T, expected: T | undefined): string[] {
  return expected === undefined || found === expected ? [] : [`${name} ${String(found)}, not ${String(expected)}`];
}
