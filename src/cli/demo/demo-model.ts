import { join } from "node:path";
import type { ApprovalHandler, ApprovalRule, Codex, CodexOptions, TransportName } from "../../index.js";
import type { ApprovalRequestedEvent } from "../../protocol/index.js";
import { createScriptedModel, ScriptError, type ScriptedModel } from "../../testing/index.js";
import { bareEnvironment } from "../bare-environment.js";
import type { CliHost } from "../cli-host.js";
import { requireLogin } from "../require-login.js";
import { demoRules } from "./demo-rules.js";
import { createDemoScript } from "./demo-script.js";
import { createTerminalApprover } from "./terminal-approver.js";

/** Whom codex asks: the scripted model, or the real one; and who decides what it asks for. */
export interface DemoModel {
  readonly codexOptions: CodexOptions;
  readonly onApproval: ApprovalHandler | ApprovalRule;
  /** The request for an approval has been printed. */
  shown(event: ApprovalRequestedEvent): void;
  /** Milliseconds that the turn may take; undefined where only the user knows. */
  readonly timeoutMs: number | undefined;
  /** Looks whether a turn can work at all, before one is started. */
  check(codex: Codex): Promise<void>;
  /** The reason behind a turn's error: what the script saw go wrong, where that is what failed the turn. */
  explain(error: unknown): Promise<unknown>;
  /** Throws where codex did otherwise than the script says. */
  prove(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A model server on this machine, with a CODEX_HOME of its own in `folder`, and rules that decide. Neither a key nor the
 * network nor a person is needed.
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

/** The real model, with the user's own CODEX_HOME and login, or the key in `CODEX_API_KEY`; the user decides. */
export function createLiveDemoModel(host: CliHost): DemoModel {
  const { env, signal } = host;
  const { onApproval, shown, close } = createTerminalApprover(host);
  const apiKey = env["CODEX_API_KEY"] ?? "";
  return {
    codexOptions: apiKey === "" ? {} : { apiKey },
    onApproval,
    shown,
    timeoutMs: undefined,
    check: (codex) => requireLogin(codex, { signal, advice: "`codexkit demo` without --live needs neither." }),
    explain: (error) => Promise.resolve(error),
    prove: () => Promise.resolve(),
    close: () => Promise.resolve(close()),
  };
}

/** Steps that are left over are a consequence of the failure, not its reason. */
async function findViolation(model: ScriptedModel, error: unknown): Promise<unknown> {
  const mismatch = await model.assertDone().catch((reason: unknown) => reason);
  if (!(mismatch instanceof ScriptError) || mismatch.violations.length === 0) return error;
  return new ScriptError("the demo's model", { unexpected: [], unused: [], violations: mismatch.violations });
}
