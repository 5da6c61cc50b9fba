// Plain JavaScript, for the same reason as `secret-names.js`.
import { redacted } from "./redact.js";
import { isSecretName, isSecretNumber, isSecretTable, isSecretVariable } from "./secret-names.js";

/** @typedef {import("../json.js").JsonValue} JsonValue */

/** Tables whose entries name the variables that hold the secrets. */
const referenceTables = new Set(["env_http_headers"]);

/**
 * Returns true if the value of a table's entry is a secret as a whole: by its name, or because it belongs to a table of
 * headers, variables or query parameters. `key` may be a dotted path; `parents` are the names above it.
 * @param {readonly string[]} parents
 * @param {string} key
 * @param {JsonValue | undefined} value
 * @returns {boolean}
 */
export function isSecretEntry(parents, key, value) {
  if (value === undefined || value === null || typeof value === "boolean") return false;
  const path = [...parents, ...key.split(".")];
  if (path.slice(0, -1).some((name) => referenceTables.has(name))) return false;
  for (let at = parents.length; at < path.length; at += 1) {
    const name = path[at] ?? "";
    const isLast = at === path.length - 1;
    if (isSecretName(name) && !isAuthCommand(path, at)) {
      if (!isLast || typeof value !== "number" || isSecretNumber(name)) return true;
    }
    if (isSecretTable(name) && isTextOrTexts(value)) return true;
  }
  return false;
}

/**
 * Returns the places of the secrets in a list of arguments: the value after a flag such as `--token`, and a setting of codex
 * after `--config`.
 * @param {readonly JsonValue[]} list
 * @returns {ReadonlySet<number>}
 */
export function secretArguments(list) {
  /** @type {Set<number>} */
  const places = new Set();
  list.forEach((entry, at) => {
    const flag = at > 0 ? list[at - 1] : undefined;
    if (typeof entry !== "string" || typeof flag !== "string") return;
    if (flag === "--config" && settingSecrets(entry).length > 0) places.add(at);
    if (/^--?[A-Za-z][\w-]*$/.test(flag) && isSecretVariable(flag) && !entry.startsWith("-")) places.add(at);
  });
  return places;
}

/** Deeper values are left out: walking a value that is nested without end would end the connection. */
const deepest = 100;

/**
 * @typedef {object} RedactJsonOptions
 * @property {(path: readonly string[], key: string, value: JsonValue | undefined) => boolean} [isHarmless] Entries that are
 * not judged by their name.
 * @property {readonly string[]} [path]
 * @property {boolean} [secret] Every text of the value is a secret.
 * @property {number} [depth]
 * @property {((secret: string) => void) | undefined} [onSecret] Called with each text that is a secret by its place.
 */

/**
 * Returns the value with `[redacted]` in place of each secret, and 0 in place of a secret number. `redact` is applied to all
 * other texts and to keys.
 * @param {JsonValue | undefined} value
 * @param {import("./redact.js").Redact} redact
 * @param {RedactJsonOptions} [options]
 * @returns {JsonValue}
 */
export function redactJson(
  value,
  redact,
  { isHarmless = () => false, path = [], secret = false, depth = 0, onSecret } = {},
) {
  if (typeof value === "string") {
    const isSwitch = value.length < shortestUnnamed && (value === "" || !path.some(isSecretName));
    if (!secret || isSwitch) return redact(value);
    onSecret?.(value);
    return redacted;
  }
  if (typeof value === "number") return secret ? 0 : value;
  if (typeof value !== "object" || value === null) return value ?? null;
  if (depth === deepest) return "[nested too deeply]";
  if (Array.isArray(value)) {
    const places = secretArguments(value);
    return value.map((/** @type {JsonValue} */ entry, at) =>
      redactJson(entry, redact, { isHarmless, path, secret: secret || places.has(at), depth: depth + 1, onSecret }),
    );
  }
  /** @type {Record<string, JsonValue>} */
  const clean = {};
  for (const [key, entry] of Object.entries(value)) {
    const byName = !isHarmless(path, key, entry) && isSecretEntry(path, key, entry);
    const inner = { isHarmless, path: [...path, ...key.split(".")], depth: depth + 1, onSecret };
    const hidden = secret || byName || isSecretEdit(value, key);
    if (entry !== undefined) clean[redact(key)] = redactJson(entry, redact, { ...inner, secret: hidden });
  }
  return clean;
}

/**
 * The app-server writes configuration by `{ keyPath, value }`.
 * @param {object} edit
 * @param {string} key
 * @returns {boolean}
 */
function isSecretEdit(edit, key) {
  const path = "keyPath" in edit && typeof edit.keyPath === "string" ? edit.keyPath : "";
  return key === "value" && path !== "" && isSecretEntry([], path, "");
}

/**
 * Returns the secrets of one raw setting, `path=value` with the value in TOML.
 * @param {string} setting
 * @returns {readonly string[]}
 */
export function settingSecrets(setting) {
  const [, path = "", toml = ""] = /^\s*([^=]+?)\s*=\s*(.*?)\s*$/s.exec(setting) ?? [];
  const isNamed = path.split(".").some(isSecretName);
  return settingTexts(path, toml).filter((text) => text.length >= shortestUnnamed || (isNamed && text !== ""));
}

/** A shorter text under an ordinary name, such as a variable's, is a switch. */
const shortestUnnamed = 4;

/**
 * @param {string} path
 * @param {string} toml
 * @returns {readonly string[]}
 */
function settingTexts(path, toml) {
  if (isSecretEntry([], path, toml)) return textsOf(toml);
  const inner = [...toml.matchAll(tomlEntry)].flatMap(([, bare, quoted, value = ""]) =>
    isSecretEntry([], bare ?? quoted ?? "", value) ? textsOf(value) : [],
  );
  const list = textsOf(toml);
  return [...inner, ...[...secretArguments(list)].map((at) => list[at] ?? "")];
}

const tomlText = /(?:"((?:[^"\\]|\\.)*)"|'([^']*)')(\s*=)?/g;
const tomlEntry = /(?:([\w.-]+)|"([^"]*)")\s*=\s*("(?:[^"\\]|\\.)*"|'[^']*'|\{[^{}]*\}|\[[^\]]*\])/g;

/**
 * @param {string} toml
 * @returns {readonly string[]}
 */
function textsOf(toml) {
  const texts = [...toml.matchAll(tomlText)].flatMap(([, basic, literal, isKey]) =>
    isKey === undefined ? [basic ?? literal ?? ""] : [],
  );
  return texts.length === 0 ? [toml] : texts;
}

/**
 * The `auth` of a model provider names a command; its entries are judged one by one.
 * @param {readonly string[]} path
 * @param {number} at
 * @returns {boolean}
 */
function isAuthCommand(path, at) {
  return path[at] === "auth" && path[at - 2] === "model_providers";
}

/**
 * A list of bare names, as of variables, holds no values.
 * @param {JsonValue} value
 * @returns {boolean}
 */
function isTextOrTexts(value) {
  if (typeof value !== "object" || value === null) return typeof value === "string";
  if (Array.isArray(value) && value.every((entry) => typeof entry === "string" && /^\w+$/.test(entry))) return false;
  return Object.values(value).every((entry) => typeof entry !== "object" || entry === null);
}
