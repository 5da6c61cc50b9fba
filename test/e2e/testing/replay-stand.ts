import { join } from "node:path";
import type { Codex, ThreadStartOptions } from "../../../src/index.js";
import { createRecorder, type Recording, type ScriptEntry } from "../../../src/testing/index.js";
import { createScratchFolder } from "../../unit/process/scratch-folder.js";
import { openRealCodex } from "../real-codex.js";

export interface PlayInput {
  readonly codex: Codex;
  readonly thread: ThreadStartOptions;
}

/** A program on codex. Its result is the same when it is replayed. */
export interface RecordedPlay<Outcome> {
  readonly transport: "app-server" | "exec";
  readonly steps: readonly ScriptEntry[];
  readonly play: (input: PlayInput) => Promise<Outcome>;
}

/** Plays on the real binary with a scripted model, through a recorder. */
export async function recordPlay<Outcome>({ transport, steps, play }: RecordedPlay<Outcome>): Promise<{
  readonly recording: Recording;
  readonly outcome: Outcome;
  /** The same options for the replay, in another folder. */
  readonly thread: ThreadStartOptions;
}> {
  await using stand = await openRealCodex(transport, steps);
  using recorder = createRecorder({
    file: join(stand.home, "recording.jsonl"),
    directory: join(stand.home, "bin"),
  });
  const codex = stand.client({ codexPathOverride: recorder.codexPathOverride });
  const outcome = await play({ codex, thread: stand.thread });
  await codex.close();
  return { recording: recorder.read(), outcome, thread: { ...stand.thread, workingDirectory: createScratchFolder() } };
}
