import {
  Codex,
  CodexError,
  type PartialTurnResult,
  partialResultOf,
  type ThreadEvent,
  type Turn,
} from "../../index.js";
import type { CliHost } from "../cli-host.js";
import { createTerminalApprover, type TerminalApprover } from "../approve/terminal-approver.js";
import { reportError, toReportedError } from "../describe-error.js";
import { type ExitCode, exitCodeOf, exitCodes } from "../exit-codes.js";
import { requireLogin } from "../require-login.js";
import { toResultError } from "../result-error.js";
import { findLastThread } from "./find-last-thread.js";
import { planRun, type RunPlan } from "./plan-run.js";
import type { RunOptions } from "./run-options.js";
import { createRunReporter, type RunReporter } from "./run-reporter.js";
import type { RunResult } from "./run-result.js";
import { UnfinishedAnswer } from "./unfinished-answer.js";

/** The state that the steps of one run share. `findings` becomes the result, even if the run fails early. */
interface Run {
  readonly options: RunOptions;
  readonly host: CliHost;
  readonly reporter: RunReporter;
  readonly began: number;
  readonly findings: { -readonly [K in keyof RunResult]?: RunResult[K] };
  readonly unfinished: UnfinishedAnswer;
  /** Null if there is nothing to interrupt. */
  turn: Turn<unknown> | null;
  interrupted: boolean;
  /** Called with a request that was printed, so that its question follows. Null if nothing is asked. */
  shown: TerminalApprover["shown"] | null;
}

/** Runs a prompt. Prints the answer on stdout, and progress and errors on stderr. */
export async function runPrompt(prompt: string | undefined, options: RunOptions, host: CliHost): Promise<ExitCode> {
  const reporter = createRunReporter(options, host);
  const run: Run = {
    ...{ options, host, reporter, began: performance.now() },
    ...{ findings: {}, unfinished: new UnfinishedAnswer(), turn: null, interrupted: false, shown: null },
  };
  const release = host.onInterrupt({ interrupt: () => interrupt(run), beforeExit: () => end(run, interruption) });
  const thrown = await perform(run, prompt).then(() => null, toFailure);
  release();
  if (thrown === null) return end(run, run.findings.status === "interrupted" ? interruption : completion);
  const error = toReportedError(thrown.error, host.signal);
  const exitCode = end(run, { exitCode: exitCodeOf(error), error: toResultError(error) });
  reportError(error, host);
  return exitCode;
}

/** Wraps the thrown value, which may be undefined. */
function toFailure(error: unknown): { readonly error: unknown } {
  return { error };
}

async function perform(run: Run, prompt: string | undefined): Promise<void> {
  const { host, options, reporter } = run;
  const plan = await planRun(prompt, options, host);
  reporter.begin();
  await using codex = new Codex(plan.codexOptions);
  if (options.transport === "app-server") await requireLogin(codex, { signal: host.signal });
  const threadId = options.resume === "last" ? await findLast(codex, plan, host.signal) : options.resume;
  const approver = options.approve === "ask" ? createTerminalApprover(host) : null;
  run.shown = approver?.shown ?? null;
  const threadOptions = { ...plan.threadOptions, onApproval: approver?.onApproval };
  const thread =
    threadId === undefined ? codex.startThread(threadOptions) : codex.resumeThread(threadId, threadOptions);
  const timeoutMs = options.timeout === undefined ? undefined : options.timeout * 1_000;
  try {
    await follow(
      run,
      thread.runStreamed(plan.input, { outputSchema: plan.outputSchema, signal: host.signal, timeoutMs }),
    );
  } finally {
    approver?.close();
  }
}

/** Only the app-server can list threads, so exec starts one for the request. */
async function findLast(codex: Codex, { codexOptions, directory }: RunPlan, signal: AbortSignal): Promise<string> {
  if (codexOptions.transport === "app-server") return findLastThread(codex, directory, signal);
  await using appServer = new Codex({ ...codexOptions, transport: "app-server" });
  return await findLastThread(appServer, directory, signal);
}

async function follow(run: Run, turn: Turn<unknown>): Promise<void> {
  run.turn = turn;
  try {
    for await (const event of turn) take(run, event);
    const { output, ...result } = await turn.result();
    record(run, result);
    if (output !== undefined) run.findings.output = output;
  } catch (error) {
    const partial = partialResultOf(error);
    if (partial !== null) record(run, partial);
    if (!(run.interrupted && isLostProcess(error))) throw error;
    run.findings.status = "interrupted";
  } finally {
    run.turn = null;
  }
}

function take({ findings, unfinished, reporter, shown }: Run, event: ThreadEvent): void {
  findings.threadId = event.threadId ?? findings.threadId ?? null;
  findings.turnId = event.turnId ?? findings.turnId ?? null;
  unfinished.add(event);
  reporter.event(event);
  if (event.type === "codexkit.approval.requested") shown?.(event);
}

function record({ findings }: Run, result: Omit<PartialTurnResult, "error">): void {
  const { status, finalResponse, usage, threadId, turnId } = result;
  Object.assign(findings, { status, finalResponse, usage, turnId });
  // An interrupt may come before there is a thread.
  if (threadId !== null && threadId !== "") findings.threadId = threadId;
}

/** In a terminal Ctrl-C also reaches codex itself and ends it. */
function isLostProcess(error: unknown): boolean {
  return CodexError.isInstance(error) && (error.code === "PROCESS_EXITED" || error.code === "TRANSPORT_CLOSED");
}

function interrupt(run: Run): boolean {
  if (run.turn === null) return false;
  run.interrupted = true;
  run.reporter.notice("codexkit: interrupting the turn; press Ctrl-C again to end at once\n");
  // The result of the turn reports the outcome.
  run.turn.interrupt().catch(() => undefined);
  return true;
}

type RunEnd = Pick<RunResult, "exitCode" | "error">;

const completion: RunEnd = { exitCode: exitCodes.ok, error: null };
const interruption: RunEnd = {
  exitCode: exitCodes.interrupted,
  error: { code: "ABORTED", message: "The turn was interrupted." },
};

function end({ options, findings, unfinished, reporter, began }: Run, { exitCode, error }: RunEnd): ExitCode {
  const { status = null, finalResponse = null } = findings;
  const isOver = status === "completed" || status === "failed";
  const partial = isOver || unfinished.text === "" ? null : unfinished.text;
  reporter.end({
    type: "codexkit.run.result",
    ok: exitCode === exitCodes.ok,
    exitCode,
    transport: options.transport,
    ...{ threadId: null, turnId: null, usage: null },
    ...findings,
    status,
    finalResponse: finalResponse ?? partial,
    durationMs: Math.round(performance.now() - began),
    error,
  });
  return exitCode;
}
