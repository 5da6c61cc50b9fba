import { access, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Codex } from "../../index.js";
import type { ResultOf, SandboxPolicy } from "../../protocol/index.js";
import type { CliHost } from "../cli-host.js";
import { createScratchFolder } from "../scratch-folder.js";
import { type Check, checkTimeoutMs, reasonOf } from "./check.js";

/** What the three commands showed; `said` is what the first one that went wrong complained of. */
export interface SandboxFindings {
  readonly read: boolean;
  readonly refusedWrite: boolean;
  readonly allowedWrite: boolean;
  readonly said: string;
}

/** Whether codex's sandbox holds: three commands really run in it, in a folder made for them. */
export async function checkSandbox(codex: Codex, host: CliHost): Promise<Check> {
  try {
    const folder = await createScratchFolder("codexkit-doctor-", host);
    try {
      return judgeSandbox(await tryCommands(createRun(codex, { cwd: folder.path, signal: host.signal }), folder.path));
    } finally {
      await folder.remove();
    }
  } catch (error) {
    const summary = `The sandbox cannot be tried: ${reasonOf(error)}`;
    return { name: "sandbox", status: "fail", summary, advice: allowSandbox, details: {} };
  }
}

export function judgeSandbox({ said, ...details }: SandboxFindings): Check {
  const { read, refusedWrite, allowedWrite } = details;
  const fail = (summary: string, advice: string): Check => ({
    name: "sandbox",
    status: "fail",
    summary,
    advice,
    details,
  });
  if (!read) return fail(`No command runs in the sandbox: ${said}`, allowSandbox);
  if (!refusedWrite) return fail("The read-only sandbox let a command write a file.", doNotTrust);
  if (!allowedWrite) return fail(`The workspace-write sandbox lets no command write: ${said}`, allowSandbox);
  const summary =
    "The sandbox lets commands read, refuses writing under read-only, and allows it under workspace-write.";
  return { name: "sandbox", status: "ok", summary, details };
}

const allowSandbox =
  "On Linux it needs user namespaces, which some containers forbid: allow them, or use `danger-full-access` where the container itself is the boundary.";
const doNotTrust =
  "Do not run agents on this machine that rely on the sandbox; report it with what `codex --version` says.";

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
    said: complaintOf(read.exitCode === 0 ? write.stderr : read.stderr),
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
  return (lines.find((line) => /error|denied|not permitted/i.test(line)) ?? lines.at(-1) ?? "it said nothing").trim();
}
