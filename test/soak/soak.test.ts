import { spawn } from "node:child_process";
import { randomInt, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { scratchFolder } from "../../scripts/house/scratch-folder.js";
import { readProcess } from "../../scripts/check/process-list.js";
import type { CodexOptions, ThreadStartOptions } from "../../src/index.js";
import {
  createScriptedModel,
  fail,
  functionCall,
  message,
  type ModelRequest,
  type ModelStep,
  repeat,
  respond,
  shell,
  slow,
  usage,
} from "../../src/testing/index.js";
import { processesHolding } from "../e2e/real-codex.js";
import { createFamilyToken, survivors } from "../unit/process/survivors.js";

const program = fileURLToPath(new URL("soak-host.mjs", import.meta.url));
const scratch = scratchFolder("soak");

/** The set-up of the host program. */
export interface SoakSetup {
  readonly seed: number;
  readonly counts: { readonly "app-server": number; readonly exec: number };
  readonly rounds: number;
  /** Part of the environment of every codex, and so of all the processes that it starts. */
  readonly mark: string;
  readonly codex: CodexOptions;
  readonly thread: ThreadStartOptions;
}

interface Sample {
  readonly turns: number;
  readonly heapUsed: number;
  readonly rss: number;
  readonly descriptors: number;
  readonly handles: number;
}

/** The report of the host program. */
export interface SoakReport {
  /** False if the host program ended before the soak did. */
  complete: boolean;
  turns: number;
  seconds: number;
  outcomes: Record<string, number>;
  problems: string[];
  tripwires: string[];
  samples: Sample[];
  handles: { before: string[]; after: string[] };
  descriptors: { before: number; after: number };
  children: string[];
  slowestEnding: { ms: number; turn: string };
}

const seed = Number(process.env["CODEXKIT_SOAK_SEED"] ?? randomInt(1, 1_000_000));
const turns = Number(process.env["CODEXKIT_SOAK_TURNS"] ?? 300);
const counts = { "app-server": Math.round(turns * 0.73), exec: turns - Math.round(turns * 0.73) };
const rounds = 12;
const endingBoundMs = 10_000;

it.skipIf(process.platform !== "linux")(
  "[A1.5] 300 turns with kills, aborts and slow readers: typed outcomes, flat memory and handles, no process left",
  { timeout: 400_000 },
  async () => {
    const token = createFamilyToken();
    const mark = randomUUID();
    const model = await createScriptedModel([repeat((request) => answer(request, token))], { strict: false });
    const root = join(scratch, mark);
    const [home, tree, temporary] = [join(root, "home"), join(root, "tree"), join(root, "tmp")];
    for (const folder of [home, tree, temporary]) await mkdir(folder, { recursive: true });
    onTestFinished(async () => {
      await model.close();
      await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    });
    const options = model.codexOptions({ codexHome: home });
    const setup: SoakSetup = {
      seed,
      counts,
      rounds,
      mark,
      codex: { ...options, env: { ...options.env, SOAK_MARK: mark } },
      thread: { model: "gpt-5.5", workingDirectory: tree, skipGitRepoCheck: true },
    };
    console.log(`soak: seed ${String(seed)} (CODEXKIT_SOAK_SEED=${String(seed)} repeats it)`);

    const host = spawn(process.execPath, ["--expose-gc", program], {
      env: { ...process.env, TMPDIR: temporary, SOAK_SETUP: JSON.stringify(setup) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    onTestFinished(() => void host.kill("SIGKILL"));
    const [output, errors, ended] = await Promise.all([text(host.stdout), text(host.stderr), once(host, "exit")]);

    expect(errors).toBe("");
    const report = JSON.parse(output) as SoakReport;
    console.log(describeReport(report));
    expect(ended).toEqual([0, null]);
    expect(report.tripwires).toEqual([]);
    expect(report.problems).toEqual([]);
    expect(report).toMatchObject({ complete: true, turns });
    expect(report.slowestEnding.ms).toBeLessThan(endingBoundMs);
    expect(report.handles.after).toEqual(report.handles.before);
    expect(report.descriptors.after).toBeLessThanOrEqual(report.descriptors.before);
    expect(report.children).toEqual([]);
    const [first, last] = [report.samples.slice(0, rounds / 3), report.samples.slice(-rounds / 3)];
    expect(meanOf(last, "heapUsed")).toBeLessThan(meanOf(first, "heapUsed") * 1.25);
    expect(meanOf(last, "descriptors")).toBeLessThan(meanOf(first, "descriptors") + 2);
    expect(meanOf(last, "handles")).toBeLessThan(meanOf(first, "handles") + 2);
    await expect.poll(() => commandLinesOf(survivors(token))).toEqual([]);
    await expect.poll(async () => commandLinesOf(await processesHolding(mark, "environ"))).toEqual([]);
    expect(await readdir(temporary)).toEqual([]);
  },
);

/** Returns the model's next step: the last prompt of the conversation names the turn and its script. */
function answer(request: ModelRequest, token: string): ModelStep {
  const [, number = "", script = ""] = /^turn (\d+): (\w+)$/.exec(request.userText) ?? [];
  const [callId, tokens] = [`call_${number}`, usage({ input: 42, cached: 12, output: 5 })];
  const done = respond(message('{"ok":true}'), tokens);
  if (request.output(callId) !== undefined) return done;
  const nap = `sleep 86400.${token}`;
  const daemons = `setsid ${nap} > /dev/null 2>&1 & (setsid ${nap} > /dev/null 2>&1 &)`;
  switch (script) {
    case "slow":
      return respond(slow({ delayMs: 15 }), message(`{"ok":${" ".repeat(20)}true}`, { deltas: 2 }), tokens);
    case "chatty":
      return respond(message(`{"ok":true}${" ".repeat(3_000)}`, { deltas: 1 }), tokens);
    case "shell":
      return respond(shell("echo hi", { callId }), tokens);
    case "daemons":
      return respond(shell(`${daemons}; echo left`, { callId }), tokens);
    case "held":
      return respond(
        shell(`${daemons}; ${nap} & trap '' INT TERM; ${nap}; echo`, { callId, yieldTimeMs: 120_000 }),
        tokens,
      );
    case "agents": {
      // The turn may be over before its agent is.
      const task = { message: `turn ${number}: held` };
      return respond(functionCall("spawn_agent", task, { callId, namespace: "multi_agent_v1" }), tokens);
    }
    case "refused":
      return fail(400, { error: { type: "invalid_request_error", message: "refused by the script" } });
    default:
      return done;
  }
}

function meanOf(samples: readonly Sample[], key: keyof Sample): number {
  return samples.reduce((sum, sample) => sum + sample[key], 0) / samples.length;
}

function commandLinesOf(pids: readonly number[]): string[] {
  return pids.flatMap((pid) => {
    const entry = readProcess(pid);
    return entry === null ? [] : [`${String(pid)} ${entry.commandLine.slice(0, 200)}`];
  });
}

function describeReport(report: SoakReport): string {
  const { seconds, outcomes, samples, slowestEnding, descriptors, problems, tripwires } = report;
  const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
  return [
    `soak: ${String(report.turns)} turns in ${seconds.toFixed(1)} s, seed ${String(seed)}, ${String(problems.length)} problems`,
    "turns  heap MB  RSS MB  descriptors  handles",
    ...samples.map((sample) =>
      [
        String(sample.turns).padStart(5),
        megabytes(sample.heapUsed).padStart(7),
        megabytes(sample.rss).padStart(6),
        String(sample.descriptors).padStart(11),
        String(sample.handles).padStart(7),
      ].join("  "),
    ),
    `descriptors before ${String(descriptors.before)}, after ${String(descriptors.after)}`,
    `slowest ending: ${String(slowestEnding.ms)} ms, ${slowestEnding.turn}`,
    ...Object.entries(outcomes)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([outcome, count]) => `${outcome.padEnd(40)} ${String(count)}`),
    ...tripwires,
    ...problems.slice(0, 40),
  ].join("\n");
}
