import type { Codex } from "../../index.js";
import type { CliHost } from "../cli-host.js";
import { type Check, checkTimeoutMs, reasonOf } from "./check.js";

/** Lists the folders that codex's configuration trusts. Other programs than codexkit load their `.codex/`. */
export async function checkTrust(codex: Codex, { signal }: CliHost): Promise<Check> {
  try {
    const options = { signal, timeoutMs: checkTimeoutMs };
    const answer = await codex.appServer.requestRaw("config/read", { includeLayers: false }, options);
    const config = isObject(answer) ? answer["config"] : null;
    const projects = isObject(config) ? config["projects"] : null;
    const trusted = Object.entries(isObject(projects) ? projects : {}).flatMap(([folder, entry]) =>
      isObject(entry) && entry["trust_level"] === "trusted" ? [folder] : [],
    );
    const details = { trusted };
    if (trusted.length === 0) return ok("Codex's configuration trusts no folder.", details);
    return {
      name: "trust",
      status: "warn",
      summary: `Codex's configuration trusts ${trusted.length === 1 ? "a folder" : `${trusted.length} folders`}: ${trusted.join(", ")}.`,
      advice:
        "codexkit ignores this trust. Codex itself starts programs of their .codex/: remove folders that you do not trust from `projects`.",
      details,
    };
  } catch (error) {
    return ok(`The trusted folders are unknown: ${reasonOf(error)}`, { trusted: null });
  }
}

function ok(summary: string, details: Check["details"]): Check {
  return { name: "trust", status: "ok", summary, details };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
