import { access, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Codex } from "../../index.js";
import type { SandboxPolicy } from "../../protocol/index.js";
import type { CliHost } from "../cli-host.js";
import { createScratchFolder } from "../scratch-folder.js";
import { type Check, checkTimeoutMs, reasonOf } from "./check.js";

/** Whether codex's sandbox holds: three commands really run in it, in a folder made for them. */
export async function checkSandbox(codex: Codex, host: CliHost): Promise<Check> {
  const details = { read: false, refusedWrite: false, allowedWrite: false };
  try {
    const problem = await tryCommands(codex, host, details);
    if (problem !== null) return { name: "sandbox", status: "fail", ...problem, details };
    const summary = "The sandbox works: it lets a command read, refuses a write under read-only, and allows it under workspace-write.";
    return { name: "sandbox", status: "ok", summary, details };
  } catch (error) {
    const summary = `The sandbox cannot be tried: ${reasonOf(error)}`;
    return { name: "sandbox", status: "fail", summary, advice: cannotRun, details };
  }
}

type Findings = Record<"read" | "refusedWrite" | "allowedWrite", boolean>;
type Problem = Pick<Check, "summary" | "advice">;

const cannotRun =
  "On Linux the sandbox needs user namespaces, which some containers forbid: allow them, or use `danger-full-access` where the container is the boundary.";
const readOnly: SandboxPolicy = { type: "readOnly", networkAccess: false };

async function tryCommands(codex: Codex, host: CliHost, findings: Findings): Promise<Problem | null> {
  const folder = await createScratchFolder("codexkit-doctor-", host);
  const run = createRunner({ codex, signal: host.signal, cwd: folder.path });
  try {
    const [content, refused, allowed] = ["content", "refused", "allowed"].map((name) => join(folder.path, name));
    if (content === undefined || refused === undefined || allowed === undefined) return null;
    await writeFile(content, "codexkit");
    const read = await run(readOnly, [...nodeScript("read"), content]);
    findings.read = read.exitCode === 0 && read.stdout === "codexkit";
    if (!findings.read) return { summary: `No command runs in the sandbox: ${lastLine(read.stderr)}`, advice: cannotRun };
    await run(readOnly, [...nodeScript("write"), refused]);
    findings.refusedWrite = !(await exists(refused));
    if (!findings.refusedWrite) return { summary: "A command wrote a file in the read-only sandbox.", advice: notHeld };
    const write = await run(workspaceWrite(folder.path), [...nodeScript("write"), allowed]);
    findings.allowedWrite = await exists(allowed);
    if (findings.allowedWrite) return null;
    return { summary: `Under workspace-write no file can be written: ${lastLine(write.stderr)}`, advice: cannotRun };
  } finally {
    await folder.remove();
  }
}
