import type { Codex } from "../../index.js";
import { CliError } from "../cli-error.js";

/** All that a user starts; what agents start for themselves is left out. */
const sourceKinds = ["cli", "vscode", "exec", "appServer"] as const;

/**
 * The id of the thread of a folder that was used last, whatever program started it. Needs the app-server. Throws a
 * `CliError` where the folder has no thread.
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
  throw new CliError("usage", `There is no thread of the folder ${directory} to go on with.`, {
    advice: "Leave --resume away to start one, or name the folder with --cd.",
  });
}
