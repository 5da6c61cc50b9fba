import { OptionError } from "../../errors/option-error.js";
import type { JsonValue } from "../../internal/json.js";
import type { ThreadOptions, TransportOptions } from "../options.js";
import type { ExecDraft } from "../option-wires.js";
import { optionRows } from "../options-table.js";
import { flattenConfig } from "../flatten-config.js";
import { providerConfig } from "../provider-config.js";
import { toTomlValue } from "../toml-value.js";

export interface ExecCall {
  readonly client: TransportOptions;
  /** The thread's options with the turn's laid over them. */
  readonly options: ThreadOptions;
  readonly threadId: string | null;
  readonly imagePaths: readonly string[];
  readonly schemaPath: string | null;
}

/** What all configuration together may take on the command line, in bytes. */
const maxConfigBytes = 65_536;

/**
 * The arguments of one `codex exec` call. The prompt is not among them: it goes by stdin. Later configuration wins, so
 * the user's comes first, the raw overrides next, and codexkit's own options last.
 */
export function toExecArguments({ client, options, threadId, imagePaths, schemaPath }: ExecCall): readonly string[] {
  const draft: ExecDraft = { flags: [], config: flattenConfig(client.config ?? {}), managed: {} };
  const withDefaults: ThreadOptions = { sandboxMode: "read-only", approvalPolicy: "never", ...defined(options) };
  for (const [name, value] of Object.entries(withDefaults)) put(name, value, draft);
  Object.assign(draft.managed, providerConfig(client));
  if (client.apiKey !== undefined) draft.managed["shell_environment_policy.ignore_default_excludes"] = false;
  const config = [...toConfigFlags(draft.config), ...rawFlags(client), ...toConfigFlags(draft.managed)];
  checkSize(config);
  return [
    ...["exec", "--json", ...config, ...draft.flags, "--skip-git-repo-check"],
    ...(schemaPath === null ? [] : ["--output-schema", schemaPath]),
    ...(threadId === null ? [] : ["resume", threadId]),
    ...imagePaths.map((path) => `--image=${path}`),
  ];
}

function put(name: string, value: unknown, draft: ExecDraft): void {
  const wire = optionRows[name]?.exec;
  if (typeof wire === "object") wire.put(value, draft);
}

function defined(options: ThreadOptions): ThreadOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function rawFlags({ configOverrides = [] }: TransportOptions): readonly string[] {
  return configOverrides.flatMap((override) => ["--config", override]);
}

function toConfigFlags(config: Readonly<Record<string, JsonValue>>): readonly string[] {
  return Object.entries(config).flatMap(([path, value]) => ["--config", `${path}=${toTomlValue(value)}`]);
}

function checkSize(flags: readonly string[]): void {
  const bytes = flags.reduce((sum, flag) => sum + Buffer.byteLength(flag) + 1, 0);
  if (bytes <= maxConfigBytes) return;
  const message = `The configuration takes ${bytes} bytes on codex exec's command line, over the limit of ${maxConfigBytes}; use \`transport: "app-server"\`, which sends it by its pipe.`;
  throw new OptionError("INVALID_OPTION", "config", message);
}
