import { fork } from "node:child_process";
import { once } from "node:events";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const sources = join(import.meta.dirname, "..", "programs");
const built = join(import.meta.dirname, "..", "..", ".tmp", "bench", "programs");

/** A program of the benchmark in its own process, which answers one call at a time. */
export interface Program<Answer> {
  readonly pid: number;
  call(message: object): Promise<Answer>;
  end(): Promise<void>;
}

/** Bundles each program, so that its process is plain Node without the tools of the benchmark in memory. */
export async function buildPrograms(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const files = await readdir(sources);
  await build({
    entryPoints: files.map((file) => join(sources, file)),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    // codexkit stays an import: the built package is measured, which the program finds by its name.
    packages: "external",
  });
}

export async function startProgram<Answer>(
  name: string,
  { args = [], execArgv = [] }: { readonly args?: readonly string[]; readonly execArgv?: readonly string[] } = {},
): Promise<Program<Answer>> {
  const child = fork(join(built, `${name}.mjs`), args, { execArgv: [...execArgv], serialization: "advanced" });
  const exited = once(child, "exit");
  await once(child, "spawn");
  return {
    pid: child.pid ?? 0,
    async call(message) {
      const answered = once(child, "message");
      child.send(message);
      const [answer] = (await Promise.race([answered, exited.then(() => [{ error: "the program ended" }])])) as [
        unknown,
      ];
      if (typeof answer === "object" && answer !== null && "error" in answer) {
        throw new Error(`${name}: ${String(answer.error)}`);
      }
      return answer as Answer;
    },
    async end() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
