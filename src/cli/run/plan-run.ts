import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { Codex, type CodexOptions, type Input, type ThreadStartOptions, type UserInput } from "../../index.js";
import { CliError } from "../cli-error.js";
import type { CliHost } from "../cli-host.js";
import { readPrompt } from "./read-prompt.js";
import type { RunOptions } from "./run-options.js";

/** A parsed JSON Schema. The library checks whether codex can send it. */
export type AnswerSchema = Readonly<Record<string, unknown>>;

/** The input of a run, after the checks that need no codex. */
export interface RunPlan {
  readonly codexOptions: CodexOptions;
  readonly threadOptions: ThreadStartOptions<never>;
  /** The working directory of codex, as an absolute path. */
  readonly directory: string;
  readonly input: Input;
  readonly outputSchema: AnswerSchema | undefined;
}

/** Reads and checks all input of the command, before a process is started. */
export async function planRun(prompt: string | undefined, options: RunOptions, host: CliHost): Promise<RunPlan> {
  checkApproval(prompt, options);
  const directory = resolve(host.cwd, options.cd ?? "");
  await checkDirectory(directory);
  const images = (options.image ?? []).map((path) => resolve(host.cwd, path));
  for (const path of images) await checkImage(path);
  const schemaPath = options.outputSchema === undefined ? null : resolve(host.cwd, options.outputSchema);
  const outputSchema = schemaPath === null ? undefined : await readSchema(schemaPath);
  const plan: RunPlan = {
    codexOptions: toCodexOptions(options, host),
    threadOptions: {
      workingDirectory: directory,
      model: options.model,
      sandboxMode: options.sandbox,
      skipGitRepoCheck: options.skipGitRepoCheck,
      trustProject: options.trustProject,
    },
    directory,
    input: toInput(await readPrompt(prompt, host), images),
    outputSchema,
  };
  await rehearse(plan, options.resume);
  return plan;
}

function checkApproval(prompt: string | undefined, { approve, transport }: RunOptions): void {
  if (approve !== "ask") return;
  if (transport === "exec")
    throw new CliError("usage", "On exec codex cannot ask for an approval.", {
      advice: "Use --approve ask with --transport app-server.",
    });
  if (prompt === undefined || prompt === "-")
    throw new CliError("usage", "Stdin cannot hold both the prompt and the answers of --approve ask.", {
      advice: "Pass the prompt as an argument.",
    });
}

function toCodexOptions(options: RunOptions, { env }: CliHost): CodexOptions {
  const { transport, codexPath, allowWritableBinary, config, baseUrl } = options;
  const apiKey = env["CODEX_API_KEY"] ?? "";
  return {
    ...{ transport, codexPathOverride: codexPath, allowWritableBinary, configOverrides: config, baseUrl },
    apiKey: apiKey === "" ? undefined : apiKey,
  };
}

function toInput(prompt: string, images: readonly string[]): Input {
  const parts: readonly UserInput[] = images.map((path) => ({ type: "local_image", path }));
  return parts.length === 0 ? prompt : [{ type: "text", text: prompt }, ...parts];
}

/** Creates a turn without starting it, so that the library checks its options. */
async function rehearse({ codexOptions, threadOptions, input, outputSchema }: RunPlan, resume?: string): Promise<void> {
  await using codex = new Codex(codexOptions);
  const isId = resume !== undefined && resume !== "last";
  const thread = isId ? codex.resumeThread(resume, threadOptions) : codex.startThread(threadOptions);
  thread.runStreamed(input, { outputSchema });
}

async function checkDirectory(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) return;
  const what = found === null ? "does not exist" : "is not a folder";
  throw new CliError("usage", `The folder ${path} ${what}.`, {
    advice: "Set --cd to the working directory of codex.",
  });
}

async function checkImage(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile() === true) return;
  const what = found === null ? "does not exist" : "is not a file";
  throw new CliError("usage", `The image ${path} ${what}.`, {
    advice: "Set --image to a PNG, JPEG, GIF or WebP file. Relative paths start at the current folder.",
  });
}

async function readSchema(path: string): Promise<AnswerSchema> {
  const advice = "Set --output-schema to a file with a JSON Schema of an object.";
  let schema: unknown;
  try {
    schema = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    const what = cause instanceof SyntaxError ? `is not JSON: ${cause.message}` : `cannot be read: ${String(cause)}`;
    throw new CliError("usage", `The schema ${path} ${what}`, { advice, cause });
  }
  if (isObject(schema)) return schema;
  throw new CliError("usage", `The schema ${path} is not a JSON object.`, { advice });
}

function isObject(value: unknown): value is AnswerSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
