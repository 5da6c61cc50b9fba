import type { Ending } from "./run-case.js";

/** The ending as a part of a test's title. The ids name defects of the official SDK. */
export function sentenceOf(ending: Ending): string {
  return sentences[ending];
}

const sentences: Readonly<Record<Ending, string>> = {
  run: "the turn comes to its own end",
  leave: "the program ends by itself without close()",
  break: "the reader breaks out of its loop",
  "break-and-abort": "the reader breaks out of its loop and aborts while codex ends (R3, T2)",
  throw: "the reader throws in its loop",
  return: "the reader returns its iterator while it waits for an event",
  "abort-before": "the signal was aborted before",
  "abort-at-spawn": "the signal aborts at the moment of the start",
  "abort-during": "the signal aborts in mid-turn",
  "abort-after": "the signal aborts after the end",
  timeout: "timeoutMs expires",
  "idle-timeout": "idleTimeoutMs may expire",
  interrupt: "the turn is interrupted",
  "close-thread": "the thread is closed",
  "close-client": "the client is closed",
  "all-at-once": "the signal, the turn, its iterator, the thread and the client end it at once",
  exit: "it calls process.exit",
  uncaught: "it throws an error without a handler",
  SIGINT: "by SIGINT",
  SIGTERM: "by SIGTERM",
  SIGHUP: "by SIGHUP",
  SIGKILL: "by SIGKILL",
};
