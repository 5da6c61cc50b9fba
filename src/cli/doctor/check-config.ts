import type { Codex } from "../../index.js";
import { type Check, checkTimeoutMs, reasonOf } from "./check.js";

/** Whether codex can read its configuration: the app-server goes on with its defaults where it cannot, exec does not. */
export async function checkConfig(codex: Codex, signal: AbortSignal): Promise<Check> {
  try {
    await codex.appServer.request("config/read", { includeLayers: false }, { signal, timeoutMs: checkTimeoutMs });
    return { name: "config", status: "ok", summary: "Codex can read its configuration.", details: {} };
  } catch (error) {
    return {
      name: "config",
      status: "fail",
      summary: `Codex cannot read its configuration: ${reasonOf(error)}`,
      advice: "Correct config.toml in CODEX_HOME: codex ignores all of it until then, or does not start.",
      details: {},
    };
  }
}
