import type { Codex } from "../../index.js";
import { CliError } from "../cli-error.js";

/** The sources of threads that a user starts. Threads of agents are left out. */
const sourceKinds = ["cli", "vscode", "exec", "appServer"] as const;

/**
 * Returns the id of the most recently used thread of a folder, from any program. Needs the app-server. Throws a `CliError`
 * if the folder has no thread.
 */
export async function findLastThread(codex: Codex, directory: string, signal: AbortSignal): Promise<string> {
  const params = {
    cwd: directory,
    limit: 1,
    sortKey: "updated_at",
    sortDirection: "desc",
    sourceKinds,
    modelProviders: [],
  } as const;
  const { data } = await codex.appServer.request("thread/list", params, { signal });
  const id = data[0]?.id;
  if (id !== undefined) return id;
  throw new CliError("usage", `There is no thread of the folder ${directory} to resume.`, {
    advice: "Omit --resume to start one, or set --cd to the folder.",
  });
}
