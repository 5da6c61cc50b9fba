// Runs with the real codex, and with streams and prepared answers in place of the terminal.
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { type ApprovalRequest, Codex } from "codexkit";
import { createScriptedModel } from "codexkit/testing";
import { expect, onTestFinished, test } from "vitest";
import { approveAt } from "./approve.js";
import { steps } from "./model.js";

test.each([
  ["y", true],
  ["n", false],
  ["", false],
])("decides by the answer %j in the terminal", async (answer, isWritten) => {
  const { input, output } = terminal(true);
  output.once("data", () => input.write(`${answer}\n`));
  const { file, finalResponse } = await run({ input, output });
  expect(existsSync(file)).toBe(isWritten);
  expect(finalResponse).toBe(isWritten ? "It is written." : "I was not allowed to.");
});

test("asks one question for each of two requests at once", async () => {
  const { input, output } = terminal(true);
  const approve = approveAt({ input, output });
  const signal = new AbortController().signal;
  const decisions = ["first", "second"].map(async (id) => approve({ ...request, id }, { signal }));
  for (const answer of ["y\n", "n\n"]) {
    await once(output, "data");
    input.write(answer);
  }
  expect(await Promise.all(decisions)).toMatchObject([{ decision: "accept" }, { decision: "decline" }]);
});

test("declines without a question if there is no terminal", async () => {
  const { input, output } = terminal(false);
  const { file } = await run({ input, output });
  expect(existsSync(file)).toBe(false);
  expect(output.read()).toBeNull();
});

const request: ApprovalRequest = {
  kind: "tool",
  id: "",
  threadId: "",
  turnId: null,
  itemId: null,
  reason: null,
  requestedAt: 0,
  tool: "close_ticket",
  namespace: null,
  callId: "",
  arguments: {},
};

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
