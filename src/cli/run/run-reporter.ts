import { resolve } from "node:path";
import type { ThreadEvent } from "../../index.js";
import type { CliHost } from "../cli-host.js";
import type { Paint } from "../paint.js";
import { describeUsage } from "../render/describe-usage.js";
import { toJsonLine, toPrintable } from "../render/printable.js";
import { renderLine } from "../render/render-event.js";
import { noProgress, reduceProgress } from "./progress.js";
import { createProgressLines } from "./progress-lines.js";
import { renderStatus } from "./render-status.js";
import type { RunOptions } from "./run-options.js";
import type { RunResult } from "./run-result.js";
import { createStatusLine, type StatusLine } from "./status-line.js";

/** Prints a run: progress on stderr, the answer on stdout. With `--json`, prints all on stdout. */
export interface RunReporter {
  /** Called when the input is valid and the work begins. */
  begin(): void;
  event(event: ThreadEvent): void;
  /** Prints a text for the user at once. */
  notice(text: string): void;
  end(result: RunResult): void;
}

type ReporterOptions = Pick<RunOptions, "json" | "cd" | "approve">;

export interface RunClock {
  /** Returns the milliseconds of a monotonic clock. */
  now(): number;
  /** Calls `act` every `milliseconds`. Returns a function that stops the calls. */
  every(milliseconds: number, act: () => void): () => void;
}

export function createRunReporter(options: ReporterOptions, host: CliHost, clock: RunClock = realClock): RunReporter {
  return options.json ? createJsonReporter(host) : createTextReporter(options, host, clock);
}

/** Prints one JSON object a line: the events of the library, then the result. */
function createJsonReporter({ out, err }: CliHost): RunReporter {
  const print = (value: ThreadEvent | RunResult): void => out(toJsonLine(value));
  return { begin: () => undefined, event: print, notice: err, end: print };
}

function createTextReporter({ cd, approve }: ReporterOptions, host: CliHost, clock: RunClock): RunReporter {
  const { errPaint: paint } = host;
  const directory = resolve(host.cwd, cd ?? "");
  const lines = createProgressLines({ paint, directory });
  let progress = noProgress;
  let status = plainLines(host);
  return {
    begin() {
      // A question and its answer share the last line with the status.
      if (host.errTerminal !== null && approve !== "ask") status = createLiveStatus(() => progress, host, clock);
    },
    event(event) {
      progress = reduceProgress(progress, event);
      status.print(lines.add(event));
    },
    notice: (text) => status.print(text),
    end(result) {
      status.end();
      const answer = renderAnswer(result, host);
      host.err(lines.end(answer === "" ? null : result.finalResponse) + renderEnd(result, cd, paint));
      // Separates stderr and stdout on a terminal.
      if (answer !== "" && host.outIsTerminal && host.errTerminal !== null) host.err("\n");
      host.out(answer);
    },
  };
}

function plainLines({ err }: CliHost): StatusLine {
  return { print: err, end: () => undefined };
}

const frameMs = 125;

function createLiveStatus(progress: () => typeof noProgress, host: CliHost, clock: RunClock): StatusLine {
  const began = clock.now();
  const draw = (): string => {
    const elapsedMs = clock.now() - began;
    const reported = host.errTerminal?.columns ?? 0;
    // Some terminals do not know their width and report 0.
    const columns = reported === 0 ? 80 : reported;
    return renderStatus(progress(), {
      columns,
      elapsedMs,
      frame: Math.floor(elapsedMs / frameMs),
      paint: host.errPaint,
    });
  };
  return createStatusLine({ write: host.err, draw, every: (redraw) => clock.every(frameMs, redraw) });
}

function renderEnd({ status, usage, threadId, durationMs }: RunResult, cd: string | undefined, paint: Paint): string {
  if (threadId === null) return "";
  const time = `${(durationMs / 1_000).toFixed(1)} s`;
  const used = usage?.turn === undefined ? time : `${describeUsage(usage)}, ${time}`;
  const folder = cd === undefined ? "" : ` --cd ${quote(cd)}`;
  return [
    status === "interrupted" ? renderLine("turn", paint("yellow", "interrupted"), paint) : "",
    renderLine("usage", used, paint),
    renderLine("resume", `codexkit run --resume ${threadId}${folder} "..."`, paint),
  ].join("");
}

function quote(path: string): string {
  return /^[\w./\\:@+-]+$/.test(path) ? path : `"${toPrintable(path)}"`;
}

/** Returns false for a failed turn, so that stdout holds an answer or nothing. */
function isAnswered({ ok, status }: RunResult): boolean {
  return ok || status === "interrupted";
}

function renderAnswer(result: RunResult, { outIsTerminal }: CliHost): string {
  const { finalResponse, output } = result;
  if (!isAnswered(result)) return "";
  const answer = output === undefined ? finalResponse : JSON.stringify(output);
  if (answer === null || answer === "") return "";
  const text = answer.endsWith("\n") ? answer : `${answer}\n`;
  return outIsTerminal ? toPrintable(text) : text;
}

const realClock: RunClock = {
  now: () => performance.now(),
  every(milliseconds, act) {
    const timer = setInterval(act, milliseconds);
    return () => clearInterval(timer);
  },
};
