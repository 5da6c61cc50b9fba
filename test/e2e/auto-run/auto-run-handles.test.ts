import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { message, repeat, respond } from "../../../src/testing/index.js";
import { openRealCodex } from "../real-codex.js";

const program = join(import.meta.dirname, "../endings/programs/auto-run-handles.mjs");

it("[A1.10] [A2.7] a run keeps its thread loaded if the program has no reference to the thread", async () => {
  await using real = await openRealCodex("app-server", [repeat(respond(message("ok")))]);
  const { env, ...options } = real.model.codexOptions({ codexHome: real.home });
  const setup = JSON.stringify({
    codex: { ...options, transport: "app-server", env: { ...env, PATH: process.env["PATH"] } },
    thread: real.thread,
  });
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", program, setup], { timeout: 30_000 });
  expect(stdout).toBe("ok ok ok\nok ok ok\n");
});
