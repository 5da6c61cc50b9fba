import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** A CODEX_HOME, an empty working directory, and the environment of codex. */
export interface Home {
  readonly path: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string>>;
}

export async function createHome(
  folder: string,
  { port, answer }: { readonly port: number; readonly answer: ModelAnswer },
): Promise<Home> {
  const path = join(folder, "home");
  const workingDirectory = join(folder, "work");
  await mkdir(path, { recursive: true });
  await mkdir(workingDirectory, { recursive: true });
  await writeFile(join(path, "config.toml"), configToml(`http://127.0.0.1:${port}/${toPath(answer)}/v1`));
  const directories = ["/usr/local/bin", "/usr/bin", "/bin"];
  const env = { PATH: directories.join(delimiter), HOME: path, CODEX_HOME: path, BENCH_TOKEN: "bench" };
  return { path, workingDirectory, env };
}

/** The model's actions before it answers, and the number of pieces of its answer. */
export interface ModelAnswer {
  /** Default 5. */
  readonly deltas?: number;
  /** The number of calls of the host tool `add` before the answer. Default 0. */
  readonly calls?: number;
  /** True if the tool belongs to an MCP server. Default false. */
  readonly mcp?: boolean;
}

function toPath({ deltas = 5, calls = 0, mcp = false }: ModelAnswer): string {
  return calls === 0 ? String(deltas) : `${deltas}-${calls}${mcp ? "mcp" : ""}`;
}

/** The configuration is a file and not arguments, so that it is equal for every client. */
function configToml(baseUrl: string): string {
  return `
model_provider = "bench"
check_for_update_on_startup = false

[features]
plugins = false
apps = false
unbounded_connection_retries = false

[model_providers.bench]
name = "bench"
base_url = "${baseUrl}"
env_key = "BENCH_TOKEN"
wire_api = "responses"
supports_websockets = false
request_max_retries = 0
stream_max_retries = 0
`;
}
