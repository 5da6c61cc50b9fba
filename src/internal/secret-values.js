// Plain JavaScript, for the same reason as `secret-names.js`.
import { isSecretName, isSecretNumber, isSecretTable, isSecretVariable } from "./secret-names.js";

/** @typedef {import("./json.js").JsonValue} JsonValue */

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
 * Returns the places of the secrets in a list of arguments: the value behind a flag such as `--token`.
 * @param {readonly JsonValue[]} list
 * @returns {ReadonlySet<number>}
 */
export function secretArguments(list) {
  /** @type {Set<number>} */
  const places = new Set();
  list.forEach((entry, at) => {
    const flag = at > 0 ? list[at - 1] : undefined;
    if (typeof entry !== "string" || typeof flag !== "string") return;
    if (/^--?[A-Za-z][\w-]*$/.test(flag) && isSecretVariable(flag) && !entry.startsWith("-")) places.add(at);
  });
  return places;
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
export const shortestUnnamed = 4;

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

const tomlText = /"((?:[^"\\]|\\.)*)"|'([^']*)'/g;
const tomlEntry = /(?:([\w.-]+)|"([^"]*)")\s*=\s*("(?:[^"\\]|\\.)*"|'[^']*'|\{[^{}]*\}|\[[^\]]*\])/g;

/**
 * @param {string} toml
 * @returns {readonly string[]}
 */
function textsOf(toml) {
  const texts = [...toml.matchAll(tomlText)].map(([, basic, literal]) => basic ?? literal ?? "");
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
