// A host program: runs one turn and prints its answer or its error as one line of JSON.
import { closeSync, mkdtempSync, openSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { Codex, CodexError, type CodexOptions, type ThreadStartOptions } from "../../../src/index.js";

/** The argument of the program, as JSON. */
export interface HostPlan {
  readonly codex: CodexOptions;
  readonly thread: ThreadStartOptions;
  /** The program enters a new folder below this one and removes it before it imports or starts anything. */
  readonly removeDirectoryIn?: string;
  /** The program opens files until it has no free file handle, runs a turn, closes them, and runs another turn. */
  readonly useAllHandles?: boolean;
}

/** The output of the program. */
export interface HostReport {
  readonly answer?: string | null;
  readonly name?: string;
  readonly code?: string;
  readonly retryable?: boolean;
  readonly message?: string;
  readonly path?: string | null;
  readonly option?: string;
  /** The report of the turn without free file handles. */
  readonly without?: HostReport;
}

const plan = JSON.parse(process.argv[2] ?? "") as HostPlan;
if (plan.removeDirectoryIn !== undefined) {
  const folder = mkdtempSync(join(plan.removeDirectoryIn, "gone-"));
  process.chdir(folder);
  rmdirSync(folder);
}
process.stdout.write(JSON.stringify(await run(plan)));

function openAll(): number[] {
  const handles: number[] = [];
  try {
    for (;;) handles.push(openSync(process.execPath, "r"));
  } catch {
    return handles;
  }
}

async function run({ codex: options, thread, useAllHandles }: HostPlan): Promise<HostReport> {
  try {
    await using codex = new Codex(options);
    const turn = async (): Promise<HostReport> => ({
      answer: (await codex.startThread(thread).run("Work")).finalResponse,
    });
    if (useAllHandles !== true) return await turn();
    const handles = openAll();
    const without = await turn().catch((error: unknown) => (CodexError.isInstance(error) ? error.toJSON() : {}));
    for (const handle of handles) closeSync(handle);
    return { ...(await turn()), without };
  } catch (error) {
    return CodexError.isInstance(error) ? error.toJSON() : { message: String(error) };
  }
}
