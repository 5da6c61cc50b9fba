import { PassThrough, Readable } from "node:stream";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CliHost, CliInput } from "../../../../src/cli/cli-host.js";
import { runCli } from "../../../../src/cli/run-cli.js";
import { createTestHost } from "../test-host.js";
import { createWorkFolder } from "../work-folder.js";

const piped = (...chunks: readonly (string | Buffer)[]): CliInput => ({
  isTerminal: false,
  open: () => Readable.from(chunks),
});

/** If codex were started, the command would exit with 3. */
async function run(args: readonly string[], given: Partial<CliHost> = {}) {
  const cwd = createWorkFolder();
  await writeFile(join(cwd, "text.txt"), "no json");
  await writeFile(join(cwd, "list.json"), "[]");
  await writeFile(join(cwd, "open.json"), '{"type":"object","additionalProperties":true}');
  await writeFile(join(cwd, "array.json"), '{"type":"array","items":{"type":"string"}}');
  const host = createTestHost({ cwd, ...given });
  const exitCode = await runCli(["run", ...args, "--codex-path", join(cwd, "no-codex")], host);
  return { exitCode, ...host.printed };
}

test.each<[readonly string[], RegExp]>([
  [[], /There is no prompt\.\n {2}Pass the prompt in quotes/],
  [[" \n"], /The prompt is empty\./],
  [["x", "y"], /too many arguments/],
  [["x", "--transport", "pigeon"], /Allowed choices are app-server, exec/],
  [["x", "--sandbox", "none"], /Allowed choices are read-only, workspace-write, danger-full-access/],
  [["x", "--timeout", "0"], /--timeout.*It must be a number of seconds over 0/],
  [["x", "--timeout", "soon"], /--timeout.*It must be a number of seconds over 0/],
  [["x", "--timeout", "3e9"], /--timeout.*at most 2147483/],
  [["x", "--approve", "all"], /Allowed choices are never, ask/],
  [["x", "--approve", "ask", "--transport", "exec"], /On exec codex cannot ask for an approval/],
  [["-", "--approve", "ask"], /Pass the prompt as an argument\./],
  [["x", "--base-url", "example.org"], /INVALID_OPTION: The option `baseUrl`/],
  [["x", "-c", "model"], /INVALID_OPTION: The option `configOverrides`/],
  [["x", "--resume", "yesterday"], /INVALID_THREAD_ID: A thread id is a UUID .* not "yesterday"/],
  [["x", "--cd", "missing"], /The folder .*missing does not exist\.\n {2}Set --cd/],
  [["x", "--cd", "text.txt"], /The folder .*text\.txt is not a folder/],
  [
    ["x", "--image", "text.txt", "--image", "missing.png"],
    /The image .*missing\.png does not exist\.\n {2}Set --image/,
  ],
  [["x", "--image", "."], /The image .* is not a file/],
  [["x", "--output-schema", "missing.json"], /The schema .*missing\.json cannot be read: .*ENOENT/],
  [["x", "--output-schema", "text.txt"], /The schema .*text\.txt is not JSON: /],
  [["x", "--output-schema", "list.json"], /The schema .*list\.json is not a JSON object\.\n {2}Set --output-schema/],
  [["x", "--output-schema", "array.json"], /INVALID_SCHEMA: .*an object at the top/],
  [["x", "--output-schema", "open.json"], /INVALID_SCHEMA: .*properties are not all listed/],
  [["x", "--model", ""], /INVALID_OPTION: .*model/],
])("codexkit run %j is a wrong usage, which is reported before a process starts", async (args, message) => {
  const { exitCode, out, err } = await run(args);
  expect(err).toMatch(message);
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
});

test("with --json a wrong usage also has a last line", async () => {
  const { exitCode, out } = await run([" ", "--json"]);
  expect(exitCode).toBe(2);
  expect(JSON.parse(out)).toEqual({
    type: "codexkit.run.result",
    ...{ ok: false, exitCode: 2, transport: "app-server", threadId: null, turnId: null, status: null },
    ...{ finalResponse: null, usage: null, durationMs: expect.any(Number) as unknown },
    error: { code: null, message: "The prompt is empty." },
  });
});

test.each<[string, readonly (string | Buffer)[], RegExp]>([
  ["empty", [], /The prompt is empty/],
  [
    "no text",
    [Buffer.from([0xff, 0xfe, 0x00])],
    /The prompt on stdin is not UTF-8 text\.\n {2}Pass images with --image/,
  ],
  ["endless", new Array<Buffer>(6).fill(Buffer.alloc(1024 * 1024, 97)), /The prompt on stdin is too large/],
])("a prompt on stdin that is %s is a wrong usage", async (_what, chunks, message) => {
  const { exitCode, err } = await run(["-"], { stdin: piped(...chunks) });
  expect(exitCode).toBe(2);
  expect(err).toMatch(message);
});

test("reads a prompt on stdin completely, even if a character arrives in two pieces", async () => {
  const bytes = Buffer.from("Grüße");
  expect(await run([], { stdin: piped(bytes.subarray(0, 3), bytes.subarray(3)) })).toMatchObject({ exitCode: 3 });
});

test("with - reads a prompt from a terminal and prints how to end it", async () => {
  const { exitCode, err } = await run(["-"], { stdin: { ...piped("hello"), isTerminal: true } });
  expect(exitCode).toBe(3);
  expect(err).toMatch(/^Type the prompt, and end it with Ctrl-D/);
});

test("[A1.5] an interrupt while the prompt is read ends the command", async () => {
  const abort = new AbortController();
  const input = new PassThrough();
  const stdin = {
    isTerminal: false,
    open: () => {
      queueMicrotask(() => abort.abort(new Error("ended by SIGINT")));
      return input;
    },
  };
  const { exitCode, err } = await run(["-"], { stdin, signal: abort.signal });
  expect(exitCode).toBe(130);
  expect(err).toMatch(/^codexkit: ABORTED: /);
  expect(input.destroyed).toBe(true);
});
