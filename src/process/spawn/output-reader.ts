import type { Readable } from "node:stream";
import { performance } from "node:perf_hooks";
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

/** Reads the lines of a process's output on demand; see `AgentProcess.lines`. */
export function createOutputReader(pipe: Readable, options: OutputReaderOptions) {
  const splitter = createLineSplitter(options.maxLineBytes);
  const pulse = createPulse();
  let claimed = false;
  let finished = false;
  let exited = false;
  let graceMs = options.pipeGraceMs;
  let bytesLeft = maxBytesAfterExit;
  const queue: Uint8Array[] = [];
  let bytesQueued = 0;

  // `data` and pauses cost half of `readable` and `read()`. When the process exits, Node resumes a paused pipe.
  pipe.on("data", accept);
  for (const event of ["end", "close"]) pipe.on(event, pulse.beat);
  void options.exited.then(() => {
    exited = true;
    pulse.beat();
    if (finished) destroyLater();
  });

  function accept(chunk: Uint8Array): void {
    queue.push(chunk);
    bytesQueued += chunk.byteLength;
    if (bytesQueued >= maxBytesQueued) pipe.pause();
    pulse.beat();
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

  async function next(): Promise<IteratorResult<readonly Line[], undefined>> {
    while (!finished) {
      const chunk = takeChunk();
      const lines = chunk === null ? [] : splitter.push(chunk);
      if (isOver()) {
        finished = true;
        pipe.destroy();
        lines.push(...splitter.flush());
      }
      if (lines.length > 0) return { done: false, value: lines };
      if (chunk === null && !finished) await waitForOutput();
    }
    return { done: true, value: undefined };
  }

  async function waitForOutput(): Promise<void> {
    if (!exited) return pulse.next();
    const started = performance.now();
    const timer = setTimeout(pulse.beat, graceMs);
    await pulse.next();
    clearTimeout(timer);
    graceMs -= performance.now() - started;
  }

  function stop(): Promise<IteratorResult<readonly Line[], undefined>> {
    finished = true;
    pulse.beat();
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

/** A signal to wait for. It is not lost if it comes before the wait. */
function createPulse() {
  let missed = false;
  let wake: (() => void) | undefined;
  return {
    beat: (): void => {
      missed = wake === undefined;
      wake?.();
      wake = undefined;
    },
    next(): Promise<void> {
      return new Promise((resolve) => {
        if (missed) resolve();
        else wake = resolve;
        missed = false;
      });
    },
  };
}
