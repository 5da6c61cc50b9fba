import { join } from "node:path";
import type { ApprovalHandler, ApprovalRule, Codex, CodexOptions, TransportName } from "../../index.js";
import type { ApprovalRequestedEvent } from "../../protocol/index.js";
import { createScriptedModel, ScriptError, type ScriptedModel } from "../../testing/index.js";
import { bareEnvironment } from "../bare-environment.js";
import type { CliHost } from "../cli-host.js";
import { requireLogin } from "../require-login.js";
import { demoRules } from "./demo-rules.js";
import { createDemoScript } from "./demo-script.js";
import { createTerminalApprover } from "../approve/terminal-approver.js";

/** The model of a demo, scripted or real, with its approval handler. */
export interface DemoModel {
  readonly codexOptions: CodexOptions;
  readonly onApproval: ApprovalHandler | ApprovalRule;
  /** Called after an approval request has been printed. */
  shown(event: ApprovalRequestedEvent): void;
  /** Time limit of the turn in milliseconds; undefined with the real model. */
  readonly timeoutMs: number | undefined;
  /** Rejects if a turn cannot succeed, before one is started. */
  check(codex: Codex): Promise<void>;
  /** Returns the cause of a turn's error: the violation of the script if there is one, else the error itself. */
  explain(error: unknown): Promise<unknown>;
  /** Rejects if codex deviated from the script. */
  prove(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a model server on this machine, with its own CODEX_HOME in `folder` and rules that decide approvals. It needs no
 * key, no network and no person.
 */
export async function createScriptedDemoModel(
  folder: string,
  { env, transport }: Pick<CliHost, "env"> & { readonly transport: TransportName },
): Promise<DemoModel> {
  const model = await createScriptedModel(createDemoScript(transport), { strict: false });
  const codexHome = join(folder, "codex-home");
  return {
    codexOptions: model.codexOptions({ codexHome, env: bareEnvironment(codexHome, env) }),
    onApproval: demoRules,
    shown: () => undefined,
    timeoutMs: 120_000,
    check: () => Promise.resolve(),
    explain: (error) => findViolation(model, error),
    prove: () => model.assertDone(),
    close: () => model.close(),
  };
}

/** Uses the real model with the user's CODEX_HOME and login, or the key in `CODEX_API_KEY`. The user decides approvals. */
export function createLiveDemoModel(host: CliHost): DemoModel {
  const { env, signal } = host;
  const { onApproval, shown, close } = createTerminalApprover(host);
  const apiKey = env["CODEX_API_KEY"] ?? "";
  return {
    codexOptions: apiKey === "" ? {} : { apiKey },
    onApproval,
    shown,
    timeoutMs: undefined,
    check: (codex) => requireLogin(codex, { signal, advice: "`codexkit demo` without --live needs no login." }),
    explain: (error) => Promise.resolve(error),
    prove: () => Promise.resolve(),
    close: () => Promise.resolve(close()),
  };
}

/** Ignores unused steps: they are a consequence of the failure. */
async function findViolation(model: ScriptedModel, error: unknown): Promise<unknown> {
  const mismatch = await model.assertDone().catch((reason: unknown) => reason);
  if (!(mismatch instanceof ScriptError) || mismatch.violations.length === 0) return error;
  return new ScriptError("the demo's model", { unexpected: [], unused: [], violations: mismatch.violations });
}
