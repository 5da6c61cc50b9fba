import { existsSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { runPrompt } from "../../../src/cli/run/run-prompt.js";
import { message, respond, shell, stall } from "../../../src/testing/index.js";
import { createTestHost } from "../../unit/cli/test-host.js";
import { createCliPlace, parseLines, runCli } from "./cli-process.js";
import { openRunStand, type RunStand } from "./cli-run-stand.js";
import { transports } from "../real-codex.js";

describe.each(transports)("codexkit run --transport %s", (transport) => {
  test("[A9] --timeout ends the turn with exit code 124", async () => {
    await using stand = await openRunStand([respond(message("So far."), shell("true")), respond(stall())]);
    const json = await stand.run(["Work", "--transport", transport, "--timeout", "2.5", "--json"]);
    expect(json.exitCode).toBe(124);
    expect(parseLines(json.stdout).at(-1)).toMatchObject({ ok: false, exitCode: 124, error: { code: "TURN_TIMEOUT" } });
    expect(json.stderr).toContain("TURN_TIMEOUT");
  });

  test("[A9] -c and --config set values of codex's configuration, before those of config.toml", async () => {
    await using stand = await openRunStand([respond(message("Done."))]);
    const set = ["-c", 'model="gpt-5.5-codex"', "--config", 'developer_instructions="Speak softly"'];
    const { exitCode, stderr } = await stand.run(["Work", "--transport", transport, ...set]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const [request] = stand.model.requests;
    expect(request?.model).toBe("gpt-5.5-codex");
    expect(JSON.stringify(request?.body)).toContain("Speak softly");
  });

  test("[A9] --base-url sends the requests to another endpoint, with the key of CODEX_API_KEY", async () => {
    const key = "sk-test-0123456789abcdef";
    await using stand = await openRunStand([respond(message("Done."))], { acceptKeys: { other: key } });
    const { baseUrl } = stand.model;
    const place = createCliPlace();
    const run = await runCli(["run", "Work", "--transport", transport, "--base-url", baseUrl], place, {
      CODEX_API_KEY: key,
    });
    expect(run).toMatchObject({ exitCode: 0, stdout: "Done.\n" });
    expect(stand.model.requests).toHaveLength(1);
  });
});

const touch = shell("touch ../made", { escalate: true, justification: "May I?" });

test("[A9] --approve ask declines every request without a terminal", async () => {
  await using stand = await openRunStand([respond(touch), respond(message("Not made."))]);
  const { exitCode, stdout, stderr } = await stand.run(["Work", "--approve", "ask"]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "Not made.\n" });
  expect(stderr).toMatch(/^asks {5}for the command touch \.\.\/made: May I\?\ndecided {2}decline, .*no terminal/m);
  expect(existsSync(join(stand.place.cwd, "../made"))).toBe(false);
});

test("[A9] without --approve, codex asks for nothing and is refused", async () => {
  await using stand = await openRunStand([respond(touch), respond(message("Not made."))]);
  const { exitCode, stderr } = await stand.run(["Work"]);
  expect(exitCode).toBe(0);
  expect(stderr).not.toContain("asks");
  expect(existsSync(join(stand.place.cwd, "../made"))).toBe(false);
});

test("[A9] --approve ask asks on a terminal, and accepts only a yes", async () => {
  for (const [answer, made] of [
    ["y\n", true],
    ["n\n", false],
  ] as const) {
    await using stand = await openRunStand([respond(touch), respond(message("Over."))]);
    const { exitCode, err } = await askedRun(stand, answer);
    expect(exitCode).toBe(0);
    expect(err).toContain("Allow the command touch ../made? [y/N] ");
    expect(err).not.toContain("\u001b");
    expect(existsSync(join(stand.place.cwd, "../made"))).toBe(made);
  }
});

/** Runs the command in this process with a terminal that answers each question. */
async function askedRun(stand: RunStand, answer: string): Promise<{ exitCode: number; err: string }> {
  const input = new Readable({ read: () => undefined });
  for (const [name, value] of Object.entries(stand.env)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const host = createTestHost({
    cwd: stand.place.cwd,
    errTerminal: { columns: 80 },
    stdin: { isTerminal: true, open: () => input },
  });
  const shown: string[] = [];
  const err = (text: string): void => {
    shown.push(text);
    if (text.endsWith("[y/N] ")) setImmediate(() => input.push(answer));
  };
  const options = { json: false, transport: "app-server", approve: "ask", skipGitRepoCheck: true } as const;
  const exitCode = await runPrompt("Work", options, { ...host, err });
  return { exitCode, err: shown.join("") };
}
