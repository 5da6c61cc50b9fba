import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { scratchFolder } from "../../../scripts/house/scratch-folder.js";

const root = join(import.meta.dirname, "../../..");

export interface CliRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliPlace {
  /** The working directory of the command. */
  readonly cwd: string;
  /** The value of `CODEX_HOME`. */
  readonly codexHome: string;
}

/** Creates the folders of one test in the scratch folder. The end of the test removes them. */
export function createCliPlace(): CliPlace {
  const base = scratchFolder("e2e-cli");
  mkdirSync(base, { recursive: true });
  const folder = mkdtempSync(join(base, "place-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const place = { cwd: join(folder, "work"), codexHome: join(folder, "home") };
  mkdirSync(place.cwd);
  mkdirSync(place.codexHome);
  return place;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The content of stdin. Default: empty. */
  readonly input?: string;
  /** A file for its stdout, instead of a pipe. */
  readonly output?: number;
  /** Starts it in its own process group, like a shell in a terminal. */
  readonly group?: boolean;
}

/** Starts `codexkit` from its sources as a process, without this machine's codex settings in its environment. */
export function spawnCli(args: readonly string[], place: CliPlace, options: StartOptions = {}): ChildProcess {
  const { env = {}, input, output = "pipe", group = false } = options;
  const main = join(root, "src/cli/main.ts");
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(CODEX|OPENAI|NODE_|VITEST|FORCE_COLOR)/.test(name),
  );
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), main, ...args], {
    cwd: place.cwd,
    env: { ...Object.fromEntries(inherited), CODEX_HOME: place.codexHome, ...env },
    stdio: [input === undefined ? "ignore" : "pipe", output, "pipe"],
    detached: group,
  });
  child.stdin?.end(input);
  return child;
}

export function startCli(
  args: readonly string[],
  place: CliPlace,
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  return spawnCli(args, place, { env });
}

/** Runs `codexkit` to its end. */
export async function runCli(
  args: readonly string[],
  place: CliPlace,
  env: Readonly<Record<string, string>> = {},
): Promise<CliRun> {
  return endOf(startCli(args, place, env));
}

export async function endOf(child: ChildProcess): Promise<CliRun> {
  const closed = once(child, "close");
  const [stdout, stderr] = await Promise.all([read(child.stdout), read(child.stderr), closed]);
  return { exitCode: child.exitCode, stdout, stderr };
}

/** The lines of a JSONL output as values. */
export function parseLines(output: string): readonly unknown[] {
  return output
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}

async function read(stream: ChildProcess["stdout"]): Promise<string> {
  return stream === null ? "" : text(stream);
}
