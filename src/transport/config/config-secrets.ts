import { isList } from "../../internal/json.js";
import { OptionError } from "../../errors/option-error.js";
import type { CodexConfigObject, CodexConfigValue, TransportOptions } from "../options/options.js";

const secretName = /(^|[_.-])(token|secret|password|passwd|api[_-]?key|authorization|cookie|credentials?)$/i;

/**
 * Refuses configuration whose names say that it holds a secret, where configuration goes on the command line: every
 * user of the machine can read that. Names that only say where a secret is, such as `env_key` and
 * `bearer_token_env_var`, pass.
 */
export function refuseArgvSecrets(config: CodexConfigObject): void {
  const [secret] = findSecrets(config, "");
  if (secret === undefined) return;
  const advice =
    'name an environment variable instead (`env_key`, `bearer_token_env_var`, `env_http_headers`), or use `transport: "app-server"`';
  const message = `The option \`config\` holds a secret at \`${secret.path}\`, and codex exec takes configuration on its command line, which others can read: ${advice}.`;
  throw new OptionError("INVALID_OPTION", "config", message);
}

/** The values that must never show in an error or a log: the key, and what the configuration calls a secret. */
export function secretsOf({ apiKey, config = {} }: TransportOptions): readonly string[] {
  const configured = findSecrets(config, "").map(({ value }) => value);
  return apiKey === undefined ? configured : [apiKey, ...configured];
}

interface Secret {
  readonly path: string;
  readonly value: string;
}

function findSecrets(value: CodexConfigValue, path: string): readonly Secret[] {
  if (typeof value === "string") return secretName.test(path) ? [{ path, value }] : [];
  if (typeof value !== "object") return [];
  if (isList(value)) return value.flatMap((entry, index) => findSecrets(entry, `${path}[${String(index)}]`));
  return Object.entries(value).flatMap(([key, entry]) =>
    entry === undefined ? [] : findSecrets(entry, path === "" ? key : `${path}.${key}`),
  );
}
