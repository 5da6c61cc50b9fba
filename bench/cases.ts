import type { BenchCase } from "./case.js";
import { decode } from "./cases/decode.js";
import { exec } from "./cases/exec.js";
import { hotTurn } from "./cases/hot-turn.js";
import { importCost } from "./cases/import-cost.js";
import { longThread } from "./cases/long-thread.js";
import { manyThreads } from "./cases/many-threads.js";
import { parallel } from "./cases/parallel.js";
import { stream } from "./cases/stream.js";
import { hostedToolCalls, toolCalls } from "./cases/tool-calls.js";
import { slowConsumer } from "./cases/slow-consumer.js";

/** All cases in the order of the report. */
export const cases: readonly BenchCase[] = [
  importCost,
  decode,
  hotTurn,
  exec,
  parallel,
  stream,
  slowConsumer,
  manyThreads,
  longThread,
  toolCalls,
  hostedToolCalls,
];
