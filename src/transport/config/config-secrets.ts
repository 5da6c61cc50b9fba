import { OptionError } from "../../errors/option-error.js";
import { isJsonObject, isList, type JsonValue } from "../../internal/json.js";
import { isSecretName, isSecretVariable } from "../../internal/secrets/secret-names.js";
import { isSecretEntry, secretArguments, settingSecrets } from "../../internal/secrets/secret-values.js";
import type { CodexConfigObject, ThreadOptions, TransportOptions } from "../options/options.js";

/**
 * Throws an `OptionError` if a name in the configuration is the name of a secret: codex exec takes configuration on its
 * command line, which every user of the machine can read. Names that refer to a secret, such as `env_key` and
 * `bearer_token_env_var`, are accepted.
 */
export function refuseArgvSecrets(config: CodexConfigObject): void {
  const secret = findSecrets(config).find(({ path }) => path.split(".").some(isSecretName));
  if (secret === undefined) return;
  const advice =
    'name an environment variable instead (`env_key`, `bearer_token_env_var`, `env_http_headers`), or use `transport: "app-server"`';
  const message = `The option \`config\` contains a secret at \`${secret.path}\`, and codex exec takes configuration on its command line, which others can read: ${advice}.`;
  throw new OptionError("INVALID_OPTION", "config", message);
}

/** A shorter value under an ordinary name, such as a header's or a variable's, may be an ordinary word. */
const shortestOrdinary = 8;

/** Returns the values that must not appear in an error or a warning: the key, and each secret of configuration and environment. */
export function secretsOf({
  apiKey,
  config = {},
  configOverrides = [],
  env = {},
}: TransportOptions): readonly string[] {
  const variables = Object.entries(env).flatMap(([name, value = ""]) =>
    value.length >= shortestOrdinary && isSecretByName(name) ? [value] : [],
  );
  const raw = configOverrides.flatMap(settingSecrets);
  return [...(apiKey === undefined ? [] : [apiKey]), ...configSecrets(config), ...raw, ...variables];
}

/** Returns the same for a thread's own configuration. */
export function threadSecretsOf({ config = {} }: ThreadOptions): readonly string[] {
  return configSecrets(config);
}

/** Verdicts by the name of a variable: codex is started many times in one environment. */
const verdicts = new Map<string, boolean>();
const maxVerdicts = 1_000;

function isSecretByName(name: string): boolean {
  const known = verdicts.get(name);
  if (known !== undefined) return known;
  if (verdicts.size === maxVerdicts) verdicts.clear();
  const verdict = isSecretVariable(name);
  verdicts.set(name, verdict);
  return verdict;
}

function configSecrets(config: JsonValue): readonly string[] {
  return findSecrets(config).flatMap(({ path, value }) => {
    const isNamed = path.split(".").some(isSecretVariable);
    return isNamed || value.length >= shortestOrdinary ? [value] : [];
  });
}

interface Secret {
  readonly path: string;
  readonly value: string;
}

/** Returns every text that is a secret by its place: under a secret's name, in a table of headers or variables, after a flag. */
function findSecrets(value: JsonValue, path: readonly string[] = [], secret = false): readonly Secret[] {
  if (typeof value === "string") return secret ? [{ path: path.join("."), value }] : [];
  if (isList(value)) {
    const places = secretArguments(value);
    return value.flatMap((entry, at) => findSecrets(entry, [...path, String(at)], secret || places.has(at)));
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, entry = null]) =>
    findSecrets(entry, [...path, ...key.split(".")], secret || isSecretEntry(path, key, entry)),
  );
}
