import { setInterval } from "node:timers";
import { longestTimerMs } from "./milliseconds.js";

/** Keeps the host program alive until the returned function is called. For a wait that does not do so by itself. */
export function keepAlive(): () => void {
  users += 1;
  timer ??= setInterval(() => undefined, longestTimerMs);
  timer.ref();
  let ended = false;
  return () => {
    if (ended) return;
    ended = true;
    users -= 1;
    if (users === 0) timer?.unref();
  };
}

/** One timer for all waits: a turn has several, and creating a timer costs more than these two calls. */
let timer: NodeJS.Timeout | null = null;
let users = 0;
