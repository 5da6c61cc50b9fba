import { longestTimerMs } from "./milliseconds.js";

/** Keeps the host program alive until the returned function is called. For a wait that does not do so by itself. */
export function keepAlive(): () => void {
  const timer = setInterval(() => undefined, longestTimerMs);
  return () => clearInterval(timer);
}
