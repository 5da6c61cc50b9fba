import { join } from "node:path";
import type { Codex, CodexOptions } from "../../index.js";
import { createScriptedModel, ScriptError, type ScriptedModel } from "../../testing/index.js";
import { bareEnvironment } from "../bare-environment.js";
import type { CliHost } from "../cli-host.js";
import { requireLogin } from "../require-login.js";
import { createDemoScript } from "./demo-script.js";

/** Whom codex asks: the scripted model, or the real one. */
export interface DemoModel {
  readonly codexOptions: CodexOptions;
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

/** A model server on this machine, with a CODEX_HOME of its own in `folder`. Neither a key nor the network is needed. */
export async function createScriptedDemoModel(folder: string, { env }: CliHost): Promise<DemoModel> {
  const model = await createScriptedModel(createDemoScript(), { strict: false });
  const codexHome = join(folder, "codex-home");
  return {
    codexOptions: model.codexOptions({ codexHome, env: bareEnvironment(codexHome, env) }),
    timeoutMs: 120_000,
    check: () => Promise.resolve(),
    explain: (error) => findViolation(model, error),
    prove: () => model.assertDone(),
    close: () => model.close(),
  };
}

/** The real model, with the user's own CODEX_HOME and login, or the key in `CODEX_API_KEY`. */
export function createLiveDemoModel({ env, signal }: CliHost): DemoModel {
  const apiKey = env["CODEX_API_KEY"] ?? "";
  return {
    codexOptions: apiKey === "" ? {} : { apiKey },
    timeoutMs: undefined,
    check: (codex) => requireLogin(codex, { signal, advice: "`codexkit demo` without --live needs neither." }),
    explain: (error) => Promise.resolve(error),
    prove: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** Steps that are left over are a consequence of the failure, not its reason. */
async function findViolation(model: ScriptedModel, error: unknown): Promise<unknown> {
  const mismatch = await model.assertDone().catch((reason: unknown) => reason);
  if (!(mismatch instanceof ScriptError) || mismatch.violations.length === 0) return error;
  return new ScriptError("the demo's model", { unexpected: [], unused: [], violations: mismatch.violations });
}
