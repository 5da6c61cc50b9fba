import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** A CODEX_HOME, an empty directory to work in, and the environment to start codex with. */
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

/** What the model does before it answers, and in how many pieces it does. */
export interface ModelAnswer {
  /** Default 5. */
  readonly deltas?: number;
  /** How often it calls the host's tool `add` first. Default 0. */
  readonly calls?: number;
  /** Whether that tool is one of an MCP server. Default false. */
  readonly mcp?: boolean;
}

function toPath({ deltas = 5, calls = 0, mcp = false }: ModelAnswer): string {
  return calls === 0 ? String(deltas) : `${deltas}-${calls}${mcp ? "mcp" : ""}`;
}

/** In a file rather than in arguments, so that every client gives codex the same. */
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
