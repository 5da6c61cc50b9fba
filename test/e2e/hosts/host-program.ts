// A host program: runs one turn and prints its answer or its error as one line of JSON.
import { mkdtempSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { Codex, CodexError, type CodexOptions, type ThreadStartOptions } from "../../../src/index.js";

/** The argument of the program, as JSON. */
export interface HostPlan {
  readonly codex: CodexOptions;
  readonly thread: ThreadStartOptions;
  /** The program enters a new folder below this one and removes it before it imports or starts anything. */
  readonly removeDirectoryIn?: string;
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
}

const plan = JSON.parse(process.argv[2] ?? "") as HostPlan;
if (plan.removeDirectoryIn !== undefined) {
  const folder = mkdtempSync(join(plan.removeDirectoryIn, "gone-"));
  process.chdir(folder);
  rmdirSync(folder);
}
process.stdout.write(JSON.stringify(await run(plan)));

async function run({ codex: options, thread }: HostPlan): Promise<HostReport> {
  try {
    await using codex = new Codex(options);
    const { finalResponse } = await codex.startThread(thread).run("Work");
    return { answer: finalResponse };
  } catch (error) {
    return CodexError.isInstance(error) ? error.toJSON() : { message: String(error) };
  }
}
