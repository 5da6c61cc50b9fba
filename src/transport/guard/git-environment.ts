import { asList, asObject, asText, isJsonObject, type JsonObject, type JsonValue } from "../../internal/json.js";
import { gitHardening } from "../../internal/secrets/git-hardening.js";

type Variables = Readonly<Record<string, JsonValue | undefined>>;

/** The pattern of the variables' names, for a filter of variables. */
export const gitVariables = "GIT_CONFIG_*";

/**
 * Returns the variables that harden git, in the form of `GIT_CONFIG_COUNT` (git 2.31 and later). They follow the entries that
 * `env` already has; a setting that `env` has is kept. Empty if the count of `env` is invalid, which git refuses.
 */
export function gitVariablesAfter(env: Variables): Record<string, string> {
  const given = asCount(env["GIT_CONFIG_COUNT"]);
  if (given === null) return {};
  const names = new Set(
    Array.from({ length: given }, (_, at) => (asText(env[`GIT_CONFIG_KEY_${at}`]) ?? "").toLowerCase()),
  );
  const added = gitHardening.filter(([name]) => !names.has(name.toLowerCase()));
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(given + added.length) };
  for (const [at, [name, value]] of added.entries()) {
    variables[`GIT_CONFIG_KEY_${given + at}`] = name;
    variables[`GIT_CONFIG_VALUE_${given + at}`] = value;
  }
  return variables;
}

/**
 * Returns the same for `shell_environment_policy.set`. Codex's own filter drops variables with KEY in their name, and then git
 * refuses to work, so the shells get the variables by `set`, which codex applies after the filter. If the policy drops the
 * entries of `env`, the variables do not count on them.
 */
export function gitVariablesOfShell(env: Variables, policy: JsonObject): Record<string, string> {
  const set = asObject(policy["set"]);
  if (set["GIT_CONFIG_COUNT"] !== undefined) return gitVariablesAfter(set);
  return gitVariablesAfter(passesAll(policy) ? env : {});
}

function passesAll(policy: JsonObject): boolean {
  const { inherit = "all", ignore_default_excludes: ignores = true, exclude, include_only: only } = policy;
  return inherit === "all" && ignores === true && isEmpty(exclude) && isEmpty(only);
}

function isEmpty(list: JsonValue | undefined): boolean {
  return !isJsonObject(list) && asList(list).length === 0;
}

/** Returns null for a text that git refuses as a count. */
function asCount(value: JsonValue | undefined): number | null {
  if (value === undefined || value === "") return 0;
  const count = typeof value === "string" && /^\d{1,4}$/.test(value) ? Number(value) : null;
  return count;
}
