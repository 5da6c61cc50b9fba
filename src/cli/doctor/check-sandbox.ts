import { access, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Codex } from "../../index.js";
import type { ResultOf, SandboxPolicy } from "../../protocol/index.js";
import type { CliHost } from "../cli-host.js";
import { createScratchFolder } from "../scratch-folder.js";
import { type Check, checkTimeoutMs, reasonOf } from "./check.js";

/** The results of the three commands. `complaint` is the error output of the first one that failed. */
export interface SandboxFindings {
  readonly read: boolean;
  readonly refusedWrite: boolean;
  readonly allowedWrite: boolean;
  readonly complaint: string;
}

/** Checks codex's sandbox with three commands in a scratch folder. */
export async function checkSandbox(codex: Codex, host: CliHost): Promise<Check> {
  try {
    const folder = await createScratchFolder("codexkit-doctor-", host);
    try {
      return judgeSandbox(await tryCommands(createRun(codex, { cwd: folder.path, signal: host.signal }), folder.path));
    } finally {
      await folder.remove();
    }
  } catch (error) {
    const summary = `The sandbox cannot be tested: ${reasonOf(error)}`;
    return { name: "sandbox", status: "fail", summary, advice: allowSandbox, details: {} };
  }
}

export function judgeSandbox({ complaint, ...details }: SandboxFindings): Check {
  const { read, refusedWrite, allowedWrite } = details;
  const fail = (summary: string, advice: string): Check => ({
    name: "sandbox",
    status: "fail",
    summary,
    advice,
    details,
  });
  if (!read) return fail(`No command runs in the sandbox: ${complaint}`, allowSandbox);
  if (!refusedWrite) return fail("The read-only sandbox let a command write a file.", doNotTrust);
  if (!allowedWrite) return fail(`The workspace-write sandbox refuses all writes: ${complaint}`, allowSandbox);
  const summary = "The sandbox allows reads, refuses writes under read-only, and allows them under workspace-write.";
  return { name: "sandbox", status: "ok", summary, details };
}

const allowSandbox =
  "On Linux the sandbox needs user namespaces, which some containers forbid. Allow them, or use `danger-full-access` if the container itself is the boundary.";
const doNotTrust =
  "Do not run agents on this machine that rely on the sandbox. Report it with the output of `codex --version`.";

type Run = (sandboxPolicy: SandboxPolicy, ...args: readonly string[]) => Promise<ResultOf<"command/exec">>;

const text = "codexkit";
const readScript = "process.stdout.write(require('node:fs').readFileSync(process.argv[1], 'utf8'))";
const writeScript = "require('node:fs').writeFileSync(process.argv[1], 'codexkit')";

function createRun(codex: Codex, { cwd, signal }: { readonly cwd: string; readonly signal: AbortSignal }): Run {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(checkTimeoutMs)]);
  return (sandboxPolicy, ...args) => {
    const command = [process.execPath, "--eval", ...args];
    const params = { command, cwd, sandboxPolicy, timeoutMs: checkTimeoutMs };
    return codex.appServer.request("command/exec", params, { signal: limit, timeoutMs: checkTimeoutMs });
  };
}

async function tryCommands(run: Run, folder: string): Promise<SandboxFindings> {
  const source = join(folder, "source");
  const refused = join(folder, "refused");
  const allowed = join(folder, "allowed");
  await writeFile(source, text);
  const read = await run({ type: "readOnly", networkAccess: false }, readScript, source);
  const refusal = await run({ type: "readOnly", networkAccess: false }, writeScript, refused);
  const write = await run(workspaceWrite(folder), writeScript, allowed);
  return {
    read: read.exitCode === 0 && read.stdout === text,
    refusedWrite: refusal.exitCode !== 0 && !(await exists(refused)),
    allowedWrite: write.exitCode === 0 && (await exists(allowed)),
    complaint: complaintOf(read.exitCode === 0 ? write.stderr : read.stderr),
  };
}

function workspaceWrite(folder: string): SandboxPolicy {
  const only = { networkAccess: false, excludeTmpdirEnvVar: true, excludeSlashTmp: true };
  return { type: "workspaceWrite", writableRoots: [folder], ...only };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function complaintOf(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return (lines.find((line) => /error|denied|not permitted/i.test(line)) ?? lines.at(-1) ?? "no output").trim();
}
