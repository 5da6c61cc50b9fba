// Runs without codex, model, key and network: replays the recording.
//   npx vitest run --root examples test-without-a-model
import { fileURLToPath } from "node:url";
import { Codex } from "codexkit";
import { createReplay } from "codexkit/testing";
import { expect, test } from "vitest";
import { review } from "./review.js";

const recording = fileURLToPath(new URL("review.recording.jsonl", import.meta.url));
const project = fileURLToPath(new URL("project", import.meta.url));

test("finds the division by zero", async () => {
  await using replay = await createReplay(recording, { replace: { [project]: "/project" } });
  await using codex = new Codex(replay.codexOptions());

  const { findings } = await review(codex, project);

  expect(findings).toEqual([{ file: "divide.mjs", line: 3, message: "A divisor of 0 gives Infinity." }]);
  await replay.assertDone();
});

test("fails on a prompt that was not recorded, and reports the difference", async () => {
  await using replay = await createReplay(recording, { strict: false });
  await using codex = new Codex(replay.codexOptions());

  const turn = codex.startThread({ workingDirectory: project, skipGitRepoCheck: true }).run("Write a poem.");

  await expect(turn).rejects.toThrow('recorded "Read the code in this folder.", got "Write a poem."');
});
