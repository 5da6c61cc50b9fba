import { isJsonObject, isList, type JsonValue } from "../../internal/json.js";
import { createRedactor } from "../../internal/secrets/redact.js";
import { isSecretVariable } from "../../internal/secrets/secret-names.js";
import { isSecretEntry, secretArguments, settingSecrets } from "../../internal/secrets/secret-values.js";
import type { ThreadOptions, TransportOptions } from "../options/options.js";

/** Returns true if a value of flat configuration is, or contains, a secret: by its place or by its form. */
export function holdsSecret(path: string, value: JsonValue): boolean {
  return findSecrets({ [path]: value }).length > 0;
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
    if (typeof value === "number") return [];
    const isNamed = path.split(".").some(isSecretVariable);
    return isNamed || value.length >= shortestOrdinary ? [value] : [];
  });
}

interface Secret {
  readonly path: string;
  readonly value: string | number;
}

const redact = createRedactor();

/**
 * Returns every secret: a value under a secret's name, in a table of headers, variables or query parameters, or after a flag,
 * and a text with a credential of a known form, such as an address with a password.
 */
function findSecrets(value: JsonValue, path: readonly string[] = [], secret = false): readonly Secret[] {
  if (typeof value === "number") return secret ? [{ path: path.join("."), value }] : [];
  if (typeof value === "string") return secret || redact(value) !== value ? [{ path: path.join("."), value }] : [];
  if (isList(value)) {
    const places = secretArguments(value);
    return value.flatMap((entry, at) => findSecrets(entry, [...path, String(at)], secret || places.has(at)));
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, entry = null]) =>
    findSecrets(entry, [...path, ...key.split(".")], secret || isSecretEntry(path, key, entry)),
  );
}
