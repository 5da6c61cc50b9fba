import {
  type AutoRun,
  type AutoRunState,
  type AutoRunSetup,
  Codex,
  type CodexOptions,
  type OutputSchema,
  type Thread,
  type ThreadEvent,
} from "../../../../src/index.js";
import { createMemoryTransport, type MemoryTransport } from "../../../../src/testing/index.js";
import type { OutputOf } from "../../../../src/thread/output/output-schema.js";

/** A thread on the in-memory transport. */
export interface RunStand extends AsyncDisposable {
  readonly transport: MemoryTransport;
  readonly codex: Codex;
  readonly thread: Thread;
  /** The last user text of each model request. */
  readonly prompts: () => string[];
  /** Resumes a run from this state, as a program does after a restart. */
  resume<S extends OutputSchema = never, C = unknown>(
    state: AutoRunState,
    options?: AutoRunSetup<S, C>,
  ): Promise<AutoRun<OutputOf<S>>>;
}

export function openRunStand(
  steps: Parameters<typeof createMemoryTransport>[0],
  options: Omit<CodexOptions, "transport"> = {},
): RunStand {
  const transport = createMemoryTransport(steps);
  const codex = new Codex({ transport, ...options });
  const thread = codex.startThread({ skipGitRepoCheck: true });
  return {
    transport,
    codex,
    thread,
    prompts: () => transport.modelRequests.map(({ userTexts }) => userTexts.at(-1) ?? ""),
    resume: async (run, setup) => {
      await thread.start();
      const saved = { ...thread.toJSON(), run };
      return codex.resumeThread(saved, { skipGitRepoCheck: true }).resumeAutoStreamed(setup);
    },
    [Symbol.asyncDispose]: () => codex.close(),
  };
}

export async function collect(events: AsyncIterable<ThreadEvent>): Promise<ThreadEvent[]> {
  const all: ThreadEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** Returns the error that a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("The promise did not reject.");
}
