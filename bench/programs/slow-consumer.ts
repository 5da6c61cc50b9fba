// Reads one turn with many deltas, one event at a time with a pause after each. Started with `--expose-gc`.
import { setTimeout as delay } from "node:timers/promises";
import { Codex } from "codexkit";
import { answerCalls } from "../clients/answer-calls.js";
import type { ClientSettings } from "../stage/bench-client.js";

/** Bytes of heap in use in the consumer's process, after a garbage collection. */
export interface SlowConsumerAnswer {
  readonly before: number;
  /** Values from the first delta to the end of the turn, at equal intervals. */
  readonly during: readonly number[];
  /** The value after the end of the turn, when the reader was still behind. */
  readonly ended: number;
  readonly after: number;
  /** The number of characters in all deltas that were read. */
  readonly characters: number;
  readonly readDuringTurn: number;
  readonly readAfterwards: number;
}

const settings = JSON.parse(process.argv[2] ?? "") as ClientSettings;
const { codexPath: codexPathOverride, env, workingDirectory } = settings;

answerCalls(async (): Promise<SlowConsumerAnswer> => {
  await using codex = new Codex({ codexPathOverride, env });
  await codex.ready();
  const before = heapInUse();
  const turn = codex.startThread({ workingDirectory, skipGitRepoCheck: true }).runStreamed("Say very many words");
  const events = turn.events;
  let characters = 0;
  const counts = { readDuringTurn: 0, readAfterwards: 0 };
  const during: number[] = [];

  async function read(): Promise<boolean> {
    const next = await events.next();
    if (next.done === true) return false;
    if (next.value.type === "item.agentMessage.delta") characters += next.value.delta.length;
    return true;
  }

  await turn.start();
  const ended = turn.result().then(() => "ended");
  while ((await Promise.race([ended, delay(100)])) !== "ended") {
    await read();
    counts.readDuringTurn += 1;
    during.push(heapInUse());
  }
  const atEnd = heapInUse();
  while (await read()) counts.readAfterwards += 1;
  return { before, during, ended: atEnd, after: heapInUse(), characters, ...counts };
});

function heapInUse(): number {
  global.gc?.();
  return process.memoryUsage().heapUsed;
}
