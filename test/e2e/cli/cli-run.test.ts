import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join, parse } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { fail, message, reasoning, respond, shell, usage } from "../../../src/testing/index.js";
import { createCliPlace, parseLines, runCli } from "./cli-process.js";
import { openRunStand } from "./cli-run-stand.js";
import { transports } from "../real-codex.js";

const tokens = usage({ input: 100, cached: 40, output: 20, reasoning: 5 });
const anyText: unknown = expect.any(String);
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

describe.each(transports)("codexkit run --transport %s", (transport) => {
  test("prints only the answer on stdout, and a plain line for each item on stderr", async () => {
    await using stand = await openRunStand([
      respond(
        reasoning("I look."),
        message("Let me see.", { phase: "commentary" }),
        shell("echo one; echo two >&2"),
        tokens,
      ),
      respond(message("It says one.\nAnd two."), tokens),
    ]);
    const { exitCode, stdout, stderr } = await stand.run(["What does it say?", "--transport", transport]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "It says one.\nAnd two.\n" });
    expect(stderr).not.toContain("\u001b");
    const thread = /^thread +(\S+)$/m.exec(stderr)?.[1] ?? "";
    expect(stderr.replace(/ \(\d+ ms\)/, "").replace(/\d+\.\d s$/m, "0.0 s")).toBe(
      [
        `thread   ${thread}`,
        "think    I look.",
        "say      Let me see.",
        "run      echo one; echo two >&2",
        "exit     0",
        "usage    200 tokens in (80 cached), 40 out (10 reasoning), 0.0 s",
        `resume   codexkit run --resume ${thread} "..."`,
        "",
      ].join("\n"),
    );
  });

  test("with --json prints only the events and the result, one JSON object a line", async () => {
    await using stand = await openRunStand([respond(message("Done."), tokens)]);
    const { exitCode, stdout, stderr } = await stand.run(["Work", "--json", "--transport", transport]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const values = parseLines(stdout);
    expect(values).toContainEqual(expect.objectContaining({ type: "turn.completed" }));
    expect(values).toContainEqual(
      expect.objectContaining({ type: "item.completed", item: expect.objectContaining({ text: "Done." }) as unknown }),
    );
    expect(values.at(-1)).toEqual({
      type: "codexkit.run.result",
      ok: true,
      exitCode: 0,
      transport,
      threadId: anyText,
      turnId: transport === "exec" ? null : anyText,
      status: "completed",
      finalResponse: "Done.",
      usage: expect.objectContaining({ turn: expect.objectContaining({ inputTokens: 100 }) as unknown }) as unknown,
      durationMs: expect.any(Number) as unknown,
      error: null,
    });
  });

  test("[A1.9] a failed turn exits with 1, prints codex's reason and no answer", async () => {
    await using stand = await openRunStand([fail(400, { error: { message: "\u001b[2Jno such model" } })]);
    const { exitCode, stdout, stderr } = await stand.run(["Work", "--transport", transport]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/^codexkit: TURN_FAILED: .*no such model/m);
    expect(stderr).not.toContain("\u001b");
    await using again = await openRunStand([fail(400, { error: { message: "no such model" } })]);
    const json = await again.run(["Work", "--json", "--transport", transport]);
    expect(json.exitCode).toBe(1);
    expect(parseLines(json.stdout).at(-1)).toMatchObject({
      ok: false,
      status: "failed",
      finalResponse: null,
      error: { code: "TURN_FAILED" },
    });
  });

  test("--image adds an image, --model selects the model, and --cd sets the folder", async () => {
    await using stand = await openRunStand([respond(shell("pwd", { callId: "where" })), respond(message("A pixel."))]);
    const folder = join(stand.place.cwd, "inner");
    await mkdir(folder);
    await writeFile(join(stand.place.cwd, "a.png"), pixel);
    const args = ["Look", "--image", "a.png", "--image", "a.png", "--cd", "inner", "--model", "gpt-5.5-mini"];
    const { exitCode, stderr } = await stand.run([...args, "--transport", transport]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const [first, second] = stand.model.requests;
    expect(JSON.stringify(first?.input).match(/"input_image"/g)).toHaveLength(2);
    expect(first?.model).toBe("gpt-5.5-mini");
    expect(second?.output("where")).toContain(`${folder}\n`);
  });

  test("[A1.11] with --output-schema the answer is JSON, without optional properties that the model set to null", async () => {
    const answer = message('{"name": "codex", "note": null}');
    await using stand = await openRunStand([respond(answer), respond(answer)]);
    const schema = {
      type: "object",
      properties: { name: { type: "string" }, note: { type: "string" } },
      required: ["name"],
    };
    await writeFile(join(stand.place.cwd, "schema.json"), JSON.stringify(schema));
    const args = ["Name it", "--output-schema", "schema.json", "--transport", transport];
    const plain = await stand.run(args);
    expect({ exitCode: plain.exitCode, stdout: plain.stdout }).toEqual({ exitCode: 0, stdout: '{"name":"codex"}\n' });
    expect(stand.model.requests[0]?.outputSchema).toMatchObject({ additionalProperties: false });
    const { stdout } = await stand.run([...args, "--json"]);
    expect(parseLines(stdout).at(-1)).toMatchObject({ ok: true, output: { name: "codex" } });
  });

  test("[A1.11] an answer that is not JSON exits with 1, and stdout stays empty", async () => {
    await using stand = await openRunStand([respond(message("a name"))]);
    await writeFile(join(stand.place.cwd, "s.json"), '{"type":"object","properties":{"a":{"type":"string"}}}');
    const { exitCode, stdout, stderr } = await stand.run(["x", "--output-schema", "s.json", "--transport", transport]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/^say +a name$/m);
    expect(stderr).toMatch(/^codexkit: OUTPUT_INVALID: .*not valid JSON/m);
  });

  test("--resume continues a thread by its id, or with `last` the most recent one of the folder", async () => {
    const reply = (text: string) => respond(message(text));
    await using stand = await openRunStand(["one", "two", "else", "three", "four", "five"].map(reply));
    await mkdir(join(stand.place.cwd, "elsewhere"));
    await symlink(stand.place.cwd, join(stand.place.cwd, "link"));
    const run = async (...args: string[]) => {
      const { exitCode, stdout, stderr } = await stand.run([...args, "--transport", transport]);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
      return { stdout, threadId: /--resume (\S+)/.exec(stderr)?.[1] ?? "" };
    };
    const first = await run("First");
    const second = await run("Second");
    const other = await run("Other", "--cd", "elsewhere");
    const byId = await run("Third", "--resume", first.threadId);
    expect(byId).toEqual({ stdout: "three\n", threadId: first.threadId });
    // The older thread is now the most recently used one.
    const last = await run("Fourth", "--resume", "last");
    expect(last).toEqual({ stdout: "four\n", threadId: first.threadId });
    const byLink = await run("Fifth", "--resume", "last", "--cd", "link");
    expect(byLink).toEqual({ stdout: "five\n", threadId: first.threadId });
    expect(new Set([first.threadId, second.threadId, other.threadId]).size).toBe(3);
    const prompts = stand.model.requests
      .at(-1)
      ?.userTexts.filter((text) => /^(First|Second|Third|Fourth|Fifth)$/.test(text));
    expect(prompts).toEqual(["First", "Third", "Fourth", "Fifth"]);
  });

  test("--resume of an unknown thread is a wrong usage", async () => {
    await using stand = await openRunStand([]);
    const missing = await stand.run([
      "x",
      "--resume",
      "01a2b3c4-0000-7000-8000-000000000000",
      "--transport",
      transport,
    ]);
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toMatch(/^codexkit: THREAD_NOT_FOUND: [^]*omit --resume to start/m);
    const none = await stand.run(["x", "--resume", "last", "--json", "--transport", transport]);
    expect(none.exitCode).toBe(2);
    expect(none.stderr).toContain(`There is no thread of the folder ${stand.place.cwd}`);
    expect(parseLines(none.stdout)).toMatchObject([{ ok: false, exitCode: 2, threadId: null }]);
  });

  test("--sandbox controls the writes of commands; read-only is the default", async () => {
    const steps = (name: string) => [
      respond(shell(`echo x > ${name} && echo written`, { callId: name })),
      respond(message("ok")),
    ];
    await using stand = await openRunStand([...steps("a"), ...steps("b")]);
    await stand.run(["Write", "--transport", transport]);
    const writable = ["--sandbox", "workspace-write", "--allow-writable-binary"];
    await stand.run(["Write", ...writable, "--transport", transport]);
    expect(stand.model.requests[1]?.output("a")).toMatch(/read-only file system|permission denied/i);
    expect(stand.model.requests[3]?.output("b")).toContain("written");
  });

  test("codex uses the key in CODEX_API_KEY", async () => {
    const key = `sk-codexkit-${"k".repeat(24)}`;
    const provider = { requires_openai_auth: true, env_key: undefined };
    await using stand = await openRunStand([respond(message("ok"))], { provider, acceptKeys: { given: key } });
    const args = ["x", "--transport", transport];
    expect(await stand.run(args, { env: { CODEX_API_KEY: key } })).toMatchObject({ exitCode: 0, stdout: "ok\n" });
    expect(stand.model.requests.map((request) => request.key)).toEqual(["given"]);
  });

  test("reads the prompt from a pipe, with - or without an argument", async () => {
    await using stand = await openRunStand([respond(message("ok")), respond(message("ok"))]);
    expect(await stand.run(["--transport", transport], { input: "Grüße\nan alle\n" })).toMatchObject({ exitCode: 0 });
    expect(await stand.run(["-", "--transport", transport], { input: "Hello" })).toMatchObject({ exitCode: 0 });
    expect(stand.model.requests.map(({ userText }) => userText)).toEqual(["Grüße\nan alle\n", "Hello"]);
  });
});

test("without a login codexkit run exits with 4, before a model request", async () => {
  const { exitCode, stdout, stderr } = await runCli(["run", "x", "--json"], createCliPlace());
  expect(exitCode).toBe(4);
  expect(stderr).toContain("Run `codex login`, or set CODEX_API_KEY.");
  expect(parseLines(stdout)).toMatchObject([{ type: "codexkit.run.result", ok: false, exitCode: 4, threadId: null }]);
});

test.each([["CODEX_PATH"], ["--codex-path"]])(
  "without a codex (%s) it exits with 3, and --json prints its last line",
  async (by) => {
    const place = createCliPlace();
    const missing = join(place.cwd, "no-codex");
    const args = by === "CODEX_PATH" ? [] : ["--codex-path", missing];
    const env = by === "CODEX_PATH" ? { CODEX_PATH: missing } : {};
    const { exitCode, stdout, stderr } = await runCli(["run", "x", "--json", ...args], place, env);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(missing);
    expect(parseLines(stdout)).toMatchObject([
      { ok: false, exitCode: 3, status: null, error: { code: "BINARY_NOT_FOUND" } },
    ]);
  },
);

test("a folder outside any repository needs --skip-git-repo-check", async () => {
  await using stand = await openRunStand([respond(message("ok"))]);
  const args = ["x", "--cd", parse(process.cwd()).root];
  const refused = await stand.run(args);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toMatch(/NOT_A_GIT_REPOSITORY: [^]*pass --skip-git-repo-check/);
  expect(await stand.run([...args, "--skip-git-repo-check"])).toMatchObject({ exitCode: 0, stdout: "ok\n" });
});

test("an image that codex cannot read is a wrong usage", async () => {
  await using stand = await openRunStand([]);
  await writeFile(join(stand.place.cwd, "a.png"), "not an image");
  const { exitCode, stderr } = await stand.run(["x", "--image", "a.png"]);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/IMAGE_UNREADABLE: .*a\.png/);
});

test("a closed output ends the run without an error message", async () => {
  await using stand = await openRunStand([respond(shell("sleep 600"))]);
  const child = stand.start(["x", "--json"]);
  child.stdout?.once("data", () => child.stdout?.destroy());
  const [stderr] = await Promise.all([child.stderr?.setEncoding("utf8").toArray(), once(child, "close")]);
  expect({ exitCode: child.exitCode, stderr }).toEqual({ exitCode: 130, stderr: [] });
});

test.skipIf(process.platform !== "linux")("an answer that cannot be written fails the command", async () => {
  await using stand = await openRunStand([respond(message("An answer."))]);
  const full = openSync("/dev/full", "w");
  const child = stand.start(["x"], { output: full });
  closeSync(full);
  const [stderr] = await Promise.all([text(child.stderr ?? Readable.from([])), once(child, "close")]);
  expect(child.exitCode).toBe(1);
  expect(stderr).toMatch(/^codexkit: the output cannot be written: .*ENOSPC/m);
});
