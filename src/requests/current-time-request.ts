import type { ServerRequestAnswer } from "../protocol/index.js";

/** `currentTime/read`: this machine's clock, in whole seconds since 1970. */
export function answerCurrentTime(): ServerRequestAnswer {
  return { kind: "result", result: { currentTimeAt: Math.floor(Date.now() / 1000) } };
}
