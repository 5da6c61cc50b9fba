import { parseJson } from "../../../internal/json.js";
import type { SandboxPolicy } from "../../../protocol/generated/types.js";
import { toSandboxPolicy } from "../turn/sandbox-policy.js";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The arguments of `codex exec` that the doubles use. */
export interface ExecArgv {
  /** The id of the thread to resume, `last` for the last one, or `null` for a new one. */
  readonly resume: string | null;
  readonly model: string | undefined;
  readonly cwd: string | undefined;
  readonly sandbox: SandboxPolicy | undefined;
}

export function readExecArgv(argv: readonly string[]): ExecArgv {
  const after = (...names: readonly string[]): string | undefined => {
    const index = argv.findIndex((word) => names.includes(word));
    if (index !== -1) return argv[index + 1];
    const long = names.at(-1) ?? "";
    return argv.find((word) => word.startsWith(`${long}=`))?.slice(long.length + 1);
  };
  const sandbox = after("-s", "--sandbox") ?? configValue(argv, "sandbox_mode");
  return {
    resume: readResume(argv),
    model: after("-m", "--model") ?? configValue(argv, "model"),
    cwd: after("-C", "--cd"),
    sandbox: toSandboxPolicy(sandbox),
  };
}

/** Returns the thread to resume. Codex treats a word that is not a UUID as a thread's name; without such a thread it starts a new one. */
function readResume(argv: readonly string[]): string | null {
  const index = argv.indexOf("resume");
  if (index === -1) return null;
  if (argv.includes("--last")) return "last";
  return argv.slice(index + 1).find((word) => uuid.test(word)) ?? null;
}

function configValue(argv: readonly string[], key: string): string | undefined {
  const words = argv.filter((_word, index) => ["-c", "--config"].includes(argv[index - 1] ?? ""));
  const text = words.filter((word) => word.startsWith(`${key}=`)).at(-1);
  const value = text === undefined ? undefined : parseJson(text.slice(key.length + 1));
  return typeof value === "string" ? value : undefined;
}
