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
  { port, deltas }: { readonly port: number; readonly deltas: number },
): Promise<Home> {
  const path = join(folder, "home");
  const workingDirectory = join(folder, "work");
  await mkdir(path, { recursive: true });
  await mkdir(workingDirectory, { recursive: true });
  await writeFile(join(path, "config.toml"), configToml(`http://127.0.0.1:${port}/${deltas}/v1`));
  const directories = ["/usr/local/bin", "/usr/bin", "/bin"];
  const env = { PATH: directories.join(delimiter), HOME: path, CODEX_HOME: path, BENCH_TOKEN: "bench" };
  return { path, workingDirectory, env };
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
