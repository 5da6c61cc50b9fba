// The same on the real codex, with a terminal that is a stream and answers that are written down.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { Codex } from "codexkit";
import { createScriptedModel } from "codexkit/testing";
import { expect, onTestFinished, test } from "vitest";
import { approveAt } from "./approve.js";
import { steps } from "./model.js";

test.each([
  ["y", true],
  ["n", false],
  ["", false],
])("the answer %j at the terminal decides", async (answer, isWritten) => {
  const { input, output } = terminal(true);
  output.once("data", () => input.write(`${answer}\n`));
  const { file, finalResponse } = await run({ input, output });
  expect(existsSync(file)).toBe(isWritten);
  expect(finalResponse).toBe(isWritten ? "It is written." : "I was not allowed to.");
});

test("without a terminal nothing is asked, and nothing is allowed", async () => {
  const { input, output } = terminal(false);
  const { file } = await run({ input, output });
  expect(existsSync(file)).toBe(false);
  expect(output.read()).toBeNull();
});

function terminal(isTTY: boolean) {
  return { input: Object.assign(new PassThrough(), { isTTY }), output: new PassThrough() };
}

async function run(streams: Parameters<typeof approveAt>[0]) {
  const base = join(import.meta.dirname, "../../.tmp");
  await mkdir(base, { recursive: true });
  const folder = await mkdtemp(join(base, "approve-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await using model = await createScriptedModel(steps);
  await using codex = new Codex({ ...model.codexOptions(), onApproval: approveAt(streams) });
  const thread = codex.startThread({ workingDirectory: folder, sandboxMode: "read-only", skipGitRepoCheck: true });
  const { finalResponse } = await thread.run("Write the date into today.txt.");
  return { file: join(folder, "today.txt"), finalResponse };
}
