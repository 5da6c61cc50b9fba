import { execFile } from "node:child_process";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { message, respond } from "../../../src/testing/index.js";
import { oldModel, type ProbeStage } from "../stage.js";
import type { Probe } from "../probe.js";

const main = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));
const timeoutMs = 40_000;

interface Printed {
  readonly code: number | string | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line as a process, with the probe's codex. */
function run(args: readonly string[], stage: ProbeStage): Promise<Printed> {
  const path = [process.env["PATH"], stage.env["PATH"]].join(delimiter);
  const env = { ...stage.env, PATH: path, CODEX_PATH: stage.codexPath };
  const options = { cwd: stage.workTree, env, timeout: timeoutMs, killSignal: "SIGTERM" } as const;
  return new Promise((resolve) => {
    execFile(process.execPath, ["--import", import.meta.resolve("tsx"), main, ...args], options, (error, out, err) => {
      resolve({ code: error === null ? 0 : (error.code ?? null), out, err });
    });
  });
}

/** The commands of the package. */
export const commandLineProbes: readonly Probe[] = [
  {
    id: "cli.doctor",
    feature: "doctor",
    transports: ["app-server"],
    play: async (stage) => {
      const { code, out } = await run(["doctor", "--json"], stage);
      const { checks } = JSON.parse(out) as { checks: { name: string; status: string; summary: string }[] };
      return { code, failed: checks.filter(({ status }) => status === "fail") };
    },
    expected: { code: 0, failed: [] },
    timeoutMs: timeoutMs + 5_000,
  },
  {
    id: "cli.demo",
    feature: "demo",
    except: [["0.166.0", "0.168.0"]],
    play: async (stage) => {
      const { code, out, err } = await run(["demo", "--transport", stage.transport], stage);
      return { code, text: code === 0 ? "" : `${out.slice(-300)}${err}` };
    },
    expected: { code: 0, text: "" },
    timeoutMs: timeoutMs + 5_000,
  },
  {
    id: "cli.run",
    feature: "run on the command line",
    model: () => [respond(message("Hello."))],
    play: (stage) => {
      const options = ["--transport", stage.transport, "--model", oldModel, "--skip-git-repo-check"];
      return run(["run", "Say hello", "--allow-writable-binary", ...options], stage);
    },
    expected: { code: 0, out: "Hello.\n" },
    timeoutMs: timeoutMs + 5_000,
  },
];
