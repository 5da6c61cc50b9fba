// Renews the recording, with the answers below, or with `--live` with your login and the real model.
//   npx tsx examples/test-without-a-model/record.ts [--live]
import { fileURLToPath } from "node:url";
import { Codex } from "codexkit";
import { createRecorder, createScriptedModel, message, respond, shell, usage } from "codexkit/testing";
import { review } from "./review.js";

const project = fileURLToPath(new URL("project", import.meta.url));
const findings = [{ file: "divide.mjs", line: 3, message: "A divisor of 0 gives Infinity." }];

await using model = await createScriptedModel(
  [
    respond(shell("cat divide.mjs")),
    respond(message("It divides two numbers."), usage({ input: 1200, cached: 1000, output: 40 })),
    respond(message(JSON.stringify({ summary: "One bug.", findings })), usage({ input: 1300, output: 60 })),
  ],
  { strict: false },
);
const { env, config } = model.codexOptions();
using recorder = createRecorder({
  file: fileURLToPath(new URL("review.recording.jsonl", import.meta.url)),
  replace: { [project]: "/project", [env["CODEX_HOME"] ?? ""]: "/codex-home", [process.cwd()]: "/host" },
});
const real = process.argv.includes("--live") ? {} : { env, config };
await using codex = new Codex({ ...real, codexPathOverride: recorder.codexPathOverride });
console.log(await review(codex, project));
