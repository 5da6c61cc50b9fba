import type { Readable } from "node:stream";
import { performance } from "node:perf_hooks";
import { clearInterval, setInterval, setTimeout } from "node:timers";
import type { Line } from "../../internal/lines/line-channel.js";
import { createLineSplitter } from "../../internal/lines/line-splitter.js";

export interface OutputReaderOptions {
  readonly exited: Promise<unknown>;
  /** The wait for the open pipe of an ended process, in milliseconds. The time that the reader takes does not count. */
  readonly pipeGraceMs: number;
  readonly maxLineBytes?: number | undefined;
}

/** More bytes than a pipe and its stream can hold. Later output of an ended process is from a grandchild. */
const maxBytesAfterExit = 4 * 1024 * 1024;

/** Bytes that wait for the reader before the pipe is paused, as much as the stream itself would keep. */
const maxBytesQueued = 64 * 1024;

/**
 * The steps in which the wait for the pipe of an ended process is counted. However long the host program is busy, only one step
 * passes meanwhile, so that output in the pipe is read before the wait ends.
 */
const graceSteps = 20;

type Lines = IteratorResult<readonly Line[], undefined>;

/** A pull that has no lines yet. */
interface Wait {
  readonly resolve: (lines: Lines) => void;
  /** Counts the wait for the pipe of an ended process. */
  timer: NodeJS.Timeout | null;
  countedUntil: number;
}

/** Reads the lines of a process's output on demand; see `AgentProcess.lines`. */
export function createOutputReader(pipe: Readable, options: OutputReaderOptions) {
  const splitter = createLineSplitter(options.maxLineBytes);
  const queue: Uint8Array[] = [];
  let bytesQueued = 0;
  let wait: Wait | null = null;
  let claimed = false;
  let finished = false;
  let exited = false;
  const stepMs = options.pipeGraceMs / graceSteps;
  let graceMs = options.pipeGraceMs;
  let bytesLeft = maxBytesAfterExit;

  // `data` and pauses cost half of `readable` and `read()`. When the process exits, Node resumes a paused pipe.
  pipe.on("data", accept);
  for (const event of ["end", "close"]) pipe.on(event, endWait);
  void options.exited.then(() => {
    exited = true;
    endWait();
    if (finished) destroyLater();
  });

  function accept(chunk: Uint8Array): void {
    queue.push(chunk);
    bytesQueued += chunk.byteLength;
    if (bytesQueued >= maxBytesQueued) pipe.pause();
    endWait();
  }

  /** Resolves the waiting pull if there are lines for it now. */
  function endWait(): void {
    if (wait === null) return;
    const lines = take();
    if (lines === null) {
      if (exited) startGrace(wait);
      return;
    }
    if (wait.timer !== null) {
      clearInterval(wait.timer);
      graceMs -= Math.min(stepMs, performance.now() - wait.countedUntil);
    }
    wait.resolve(lines);
    wait = null;
  }

  function startGrace(waiting: Wait): void {
    if (waiting.timer !== null) return;
    waiting.countedUntil = performance.now();
    waiting.timer = setInterval(() => {
      waiting.countedUntil = performance.now();
      graceMs -= stepMs;
      if (graceMs <= 0) endWait();
    }, stepMs);
  }

  /** Returns the lines of the next chunk that completes one, or null if there is none yet. */
  function take(): Lines | null {
    while (!finished) {
      const chunk = takeChunk();
      const lines = chunk === null ? [] : splitter.push(chunk);
      if (isOver()) {
        finished = true;
        pipe.destroy();
        lines.push(...splitter.flush());
      }
      if (lines.length > 0) return { done: false, value: lines };
      if (chunk === null && !finished) return null;
    }
    return { done: true, value: undefined };
  }

  function takeChunk(): Uint8Array | null {
    const chunk = queue.shift();
    if (chunk === undefined) return null;
    if (exited) bytesLeft -= chunk.byteLength;
    bytesQueued -= chunk.byteLength;
    if (bytesQueued < maxBytesQueued && pipe.isPaused()) pipe.resume();
    return chunk;
  }

  function isOver(): boolean {
    if (graceMs <= 0 || bytesLeft <= 0) return true;
    return queue.length === 0 && (pipe.readableEnded || pipe.destroyed);
  }

  function next(): Promise<Lines> {
    const lines = take();
    if (lines !== null) return Promise.resolve(lines);
    return new Promise((resolve) => {
      wait = { resolve, timer: null, countedUntil: 0 };
      if (exited) startGrace(wait);
    });
  }

  function stop(): Promise<Lines> {
    finished = true;
    endWait();
    pipe.off("data", accept);
    pipe.resume();
    if (exited) destroyLater();
    return Promise.resolve({ done: true, value: undefined });
  }

  function destroyLater(): void {
    setTimeout(() => pipe.destroy(), options.pipeGraceMs).unref();
  }

  const lines: AsyncIterable<readonly Line[]> = {
    [Symbol.asyncIterator]() {
      if (claimed) throw new Error("The lines of a process can be read once.");
      claimed = true;
      return { next, return: stop };
    },
  };
  return { lines };
}
