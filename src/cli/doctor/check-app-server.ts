import { Codex } from "../../index.js";
import type { CliHost } from "../cli-host.js";
import type { BinaryOptions } from "./check-binary.js";
import { type Check, checkTimeoutMs, reasonOf } from "./check.js";
import { checkConfig, checkLogin } from "./check-login.js";
import { checkMcp, checkProvider } from "./check-provider.js";
import { checkSandbox } from "./check-sandbox.js";
import { checkTrust } from "./check-trust.js";

/** Starts codex's app-server with the user's CODEX_HOME and runs the checks that need it. It makes no model request. */
export async function* checkAppServer(options: BinaryOptions, host: CliHost): AsyncGenerator<Check> {
  const codex = new Codex(options);
  try {
    const greeting = await greet(codex, host.signal);
    yield greeting;
    if (greeting.status === "fail") return;
    yield await checkConfig(codex, host.signal);
    yield await checkProvider(codex, host);
    yield await checkMcp(codex, host);
    yield await checkTrust(codex, host);
    yield await checkLogin(codex, host);
    yield await checkSandbox(codex, host);
  } finally {
    await codex.close();
  }
}

async function greet(codex: Codex, signal: AbortSignal): Promise<Check> {
  const began = performance.now();
  const limit = AbortSignal.timeout(checkTimeoutMs);
  try {
    const { version, codexHome } = await codex.ready({ signal: AbortSignal.any([signal, limit]) });
    const handshakeMs = Math.round(performance.now() - began);
    const details = { handshakeMs, version, codexHome };
    return { name: "app-server", status: "ok", summary: `codex app-server answers after ${handshakeMs} ms.`, details };
  } catch (error) {
    return {
      name: "app-server",
      status: "fail",
      summary: `codex app-server does not answer${limit.aborted ? ` within ${checkTimeoutMs / 1_000} s.` : `: ${reasonOf(error)}`}`,
      advice: 'Check the codex installation and CODEX_HOME. `transport: "exec"` works without the app-server.',
      details: { handshakeMs: null, version: null, codexHome: null },
    };
  }
}
