import { join } from "node:path";
import {
  Codex,
  partialResultOf,
  type PartialTurnResult,
  type ThreadEvent,
  type TransportInfo,
  type TransportName,
} from "../../index.js";
import { CliError } from "../cli-error.js";
import type { CliHost } from "../cli-host.js";
import { reportError, toReportedError } from "../describe-error.js";
import { type ExitCode, exitCodeOf, exitCodes } from "../exit-codes.js";
import { toResultError } from "../result-error.js";
import { createScratchFolder, type ScratchFolder } from "../scratch-folder.js";
import { type CallLog, createCallLog } from "./demo-calls.js";
import { createLiveDemoModel, createScriptedDemoModel, type DemoModel } from "./demo-model.js";
import { createDemoProject, type DemoProject } from "./demo-project.js";
import { createDemoReporter, type DemoReporter } from "./demo-reporter.js";
import type { DemoResult } from "./demo-result.js";
import { demoPrompt } from "./demo-script.js";
import { createTicketTools } from "./demo-tickets.js";

export interface DemoOptions {
  readonly live: boolean;
  readonly json: boolean;
  readonly keep: boolean;
  readonly transport: TransportName;
}

type Findings = { -readonly [K in keyof DemoResult]?: DemoResult[K] };

/** The state that the steps of one demo share. `findings` becomes the result, even if the demo fails early. */
interface Demo {
  readonly options: DemoOptions;
  readonly host: CliHost;
  readonly reporter: DemoReporter;
  readonly findings: Findings;
  readonly calls: CallLog;
}

/** Runs codex on a failing test in a new repository, and checks that the test passes afterwards. */
export async function runDemo(options: DemoOptions, host: CliHost): Promise<ExitCode> {
  const began = performance.now();
  const demo: Demo = {
    options,
    host,
    reporter: createDemoReporter(options, host),
    findings: {},
    calls: createCallLog(),
  };
  const exitCode = await performDemo(demo);
  const durationMs = Math.round(performance.now() - began);
  demo.reporter.end(toResult(demo, { exitCode, durationMs }));
  return exitCode;
}

async function performDemo(demo: Demo): Promise<ExitCode> {
  const { host, findings } = demo;
  try {
    await inScratchFolder(demo);
    return findings.test?.passed === true ? exitCodes.ok : exitCodes.failed;
  } catch (thrown) {
    const error = toReportedError(thrown, host.signal);
    findings.error = toResultError(error);
    reportError(error, host);
    return exitCodeOf(error);
  }
}

async function inScratchFolder(demo: Demo): Promise<void> {
  const folder = await createScratchFolder("codexkit-demo-", demo.host);
  if (demo.options.keep) demo.findings.directory = folder.path;
  try {
    await fixTheTest(demo, folder);
  } finally {
    if (!demo.options.keep) await folder.remove();
  }
}

async function fixTheTest(demo: Demo, folder: ScratchFolder): Promise<void> {
  const { findings, host } = demo;
  const project = await createDemoProject(join(folder.path, "project"), host);
  await expectRed(project);
  const model = await createModel(demo, folder);
  try {
    await runTurn(demo, { model, project });
    await model.prove();
  } finally {
    await model.close();
  }
  findings.diff = await project.diff();
  findings.test = await project.test();
}

async function expectRed(project: DemoProject): Promise<void> {
  const { exitCode, command } = await project.test();
  if (exitCode === 1) return;
  throw new CliError(
    "environment",
    `\`${command}\` must fail with code 1 before the fix, but its exit code is ${exitCode}.`,
    {
      advice: "Check that this Node can run `node --test` in the current folder.",
    },
  );
}

function createModel({ options, host }: Demo, folder: ScratchFolder): Promise<DemoModel> | DemoModel {
  const { env } = host;
  const { live, transport } = options;
  return live ? createLiveDemoModel(host) : createScriptedDemoModel(folder.path, { env, transport });
}

async function runTurn(
  demo: Demo,
  { model, project }: { readonly model: DemoModel; readonly project: DemoProject },
): Promise<void> {
  const { options, host, findings } = demo;
  const { transport } = options;
  const { codexOptions, onApproval, timeoutMs } = model;
  // The demo also runs in a clone under the temporary folder, which its commands may write to.
  const setup = { ...codexOptions, transport, tools: createTicketTools(), onApproval, allowWritableBinary: true };
  await using codex = new Codex(setup);
  const info = await codex.ready({ signal: host.signal });
  findings.codex = toCodexFacts(info);
  if (transport === "app-server") await model.check(codex);
  const prompt = demoPrompt(transport);
  demo.reporter.begin({ ...options, codex: findings.codex, directory: project.directory, prompt });
  const thread = codex.startThread({ workingDirectory: project.directory, sandboxMode: "workspace-write" });
  const turn = thread.runStreamed(prompt, { signal: host.signal, timeoutMs });
  try {
    for await (const event of turn) report(event, demo, model);
    recordTurn(findings, await turn.result());
  } catch (error) {
    const partial = partialResultOf(error);
    if (partial !== null) recordTurn(findings, partial);
    throw await model.explain(error);
  }
}

function report(event: ThreadEvent, { reporter, calls }: Demo, model: DemoModel): void {
  reporter.event(event);
  calls.add(event);
  if (event.type === "codexkit.approval.requested") model.shown(event);
}

function toCodexFacts({ version, binaryPath }: TransportInfo): NonNullable<DemoResult["codex"]> {
  return { version, path: binaryPath };
}

function recordTurn(
  findings: Findings,
  { status, finalResponse, usage, threadId }: Omit<PartialTurnResult, "error">,
): void {
  Object.assign(findings, { status, finalResponse, usage, threadId });
}

function toResult({ options, findings, calls }: Demo, end: { exitCode: ExitCode; durationMs: number }): DemoResult {
  return {
    type: "codexkit.demo.result",
    ok: end.exitCode === exitCodes.ok,
    exitCode: end.exitCode,
    mode: options.live ? "live" : "scripted",
    transport: options.transport,
    codex: null,
    threadId: null,
    status: null,
    finalResponse: null,
    usage: null,
    tools: calls.tools,
    approvals: calls.approvals,
    diff: null,
    test: null,
    durationMs: end.durationMs,
    directory: null,
    error: null,
    ...findings,
  };
}
