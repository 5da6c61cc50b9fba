import { execFile, spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "smol-toml";
import { isTemporary } from "../src/cli/scratch-folder.js";
import { root } from "./house/read-files.js";
import { scratchFolder } from "./house/scratch-folder.js";
import type { ScriptedModel } from "../src/testing/index.js";

const timeoutSeconds = 60;
/** The variable that `codexOptions()` of a scripted model sets. */
const tokenVariable = "CODEXKIT_SCRIPTED_MODEL_TOKEN";

export interface ProgramResult {
  /** The failure; null if the program ended with code 0 in time. */
  readonly problem: string | null;
  readonly output: string;
}

/** The surroundings of a program: its files in a git repository, its home, and codex's settings in a CODEX_HOME. */
export interface ProgramHome {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** In a clone in the system's temporary folder, which commands may write to, codexkit would refuse to start the clone's codex. */
const sandboxOfClone = isTemporary(root) ? { sandbox_workspace_write: { exclude_slash_tmp: true } } : {};

/** Makes a new home for one program. If `model` is given, codex is configured to use it. */
export async function makeProgramHome(
  name: string,
  files: ReadonlyMap<string, string | Uint8Array>,
  model?: ScriptedModel,
): Promise<ProgramHome> {
  const folder = scratchFolder("programs", name);
  const [work, codexHome] = [join(folder, "work"), join(folder, ".codex")];
  await rm(folder, { recursive: true, force: true });
  await Promise.all([work, codexHome, join(folder, "tmp")].map((path) => mkdir(path, { recursive: true })));
  for (const [path, content] of files) {
    await mkdir(dirname(join(work, path)), { recursive: true });
    await writeFile(join(work, path), content);
  }
  await commitAll(work);
  if (model === undefined) return { folder, env: {} };
  const { config, env } = model.codexOptions({ codexHome, env: {} });
  const providers = { scripted: providerOf(model, env[tokenVariable] ?? "") };
  await writeFile(
    join(codexHome, "config.toml"),
    stringify({ ...config, model_providers: providers, ...sandboxOfClone }),
  );
  return { folder, env };
}

/** The provider with the token in the file, so that a program may pass an environment without the variable of the token. */
function providerOf({ baseUrl }: ScriptedModel, token: string) {
  return {
    name: "scripted",
    base_url: baseUrl,
    experimental_bearer_token: token,
    wire_api: "responses",
    supports_websockets: false,
    request_max_retries: 0,
    stream_max_retries: 0,
  };
}

/**
 * Runs a program with its own home and CODEX_HOME and without keys, so that no login or settings of the user are read or
 * written. TypeScript is run by tsx, JavaScript by Node alone. Kills the program if it still runs after a minute.
 */
export async function runProgram(program: string, { folder, env }: ProgramHome): Promise<ProgramResult> {
  const loader = program.endsWith(".ts") ? ["--import", import.meta.resolve("tsx")] : ["--enable-source-maps"];
  const child = spawn(process.execPath, [...loader, program], {
    cwd: join(folder, "work"),
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      HOME: folder,
      TMPDIR: join(folder, "tmp"),
      CODEX_HOME: join(folder, ".codex"),
      OPENAI_API_KEY: undefined,
      CODEX_API_KEY: undefined,
      ...env,
    },
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const problem = await new Promise<string | null>((resolve) => {
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      resolve(`still running after ${timeoutSeconds} s`);
    }, timeoutSeconds * 1000);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve(code === 0 ? null : `ended with ${signal ?? `exit code ${code ?? "?"}`}`);
    });
  });
  return { problem, output: Buffer.concat(chunks).toString("utf8") };
}

/** Commits all files with a fixed author and without the settings of the machine. */
async function commitAll(folder: string): Promise<void> {
  const author = ["-c", "user.name=Example", "-c", "user.email=example@example.com", "-c", "commit.gpgsign=false"];
  const git = async (...args: string[]): Promise<void> => {
    await promisify(execFile)("git", args, { cwd: folder });
  };
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", "--all");
  await git(...author, "commit", "--quiet", "--allow-empty", "--no-verify", "--message=Start");
}
