import { isPlainObject } from "../../internal/json.js";

// Each check returns null for a usable value, else a phrase that completes "The option X ...".

export function isNonEmptyText(value: unknown): string | null {
  if (typeof value !== "string") return `must be a string, not ${kindOf(value)}`;
  if (value.includes("\0")) return "must not contain a NUL character";
  return value.trim() === "" ? "must not be empty" : null;
}

export function isBoolean(value: unknown): string | null {
  return typeof value === "boolean" ? null : `must be true or false, not ${kindOf(value)}`;
}

export function isCount(value: unknown): string | null {
  if (typeof value !== "number") return `must be a number, not ${kindOf(value)}`;
  return Number.isSafeInteger(value) && value >= 0 ? null : `must be an integer from 0, not ${String(value)}`;
}

export function isOneOf(...allowed: readonly string[]) {
  return (value: unknown): string | null => {
    if (typeof value === "string" && allowed.includes(value)) return null;
    const given = typeof value === "string" ? `"${value.slice(0, 80)}"` : kindOf(value);
    return `must be one of ${allowed.map((name) => `"${name}"`).join(", ")}, not ${given}`;
  };
}

export function isTextList(value: unknown): string | null {
  if (!Array.isArray(value)) return `must be a list of strings, not ${kindOf(value)}`;
  const bad = value.findIndex((entry) => isNonEmptyText(entry) !== null);
  return bad === -1 ? null : `must be a list of non-empty strings, but entry ${bad} is not one`;
}

/** Checks the form of protected paths. codex would read the special characters of globs in another way. */
export function isProtectedPathList(value: unknown): string | null {
  if (!Array.isArray(value)) return `must be a list of paths, not ${kindOf(value)}`;
  const entries: readonly unknown[] = value;
  for (const [at, entry] of entries.entries()) {
    const isObject = typeof entry === "object" && entry !== null;
    const path: unknown = isObject ? Reflect.get(entry, "path") : entry;
    if (isNonEmptyText(path) !== null) return `must contain non-empty paths, but entry ${at} is not one`;
    if (isObject && (Reflect.get(entry, "access") !== "read" || Object.keys(entry).length !== 2))
      return `must contain paths or \`{ path, access: "read" }\`, but entry ${at} is neither`;
    if (typeof path === "string" && /[*?[\]{}\\]/.test(path))
      return `must contain no globs, but entry ${at} has special characters: name each file or its folder`;
  }
  return null;
}

export function isOverrideList(value: unknown): string | null {
  const problem = isTextList(value);
  if (problem !== null || !Array.isArray(value)) return problem;
  const bad = value.findIndex((entry) => typeof entry === "string" && !/^[^=\s]+\s*=/.test(entry));
  return bad === -1 ? null : `must contain \`key=value\` strings, but entry ${bad} has no key before an "="`;
}

export function isAbsoluteUrl(value: unknown): string | null {
  if (typeof value !== "string" || !URL.canParse(value)) return "must be an absolute URL";
  const url = new URL(value);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return `must start with http: or https:, not ${url.protocol}`;
  if (url.username !== "" || url.password !== "") return "must not contain credentials: use `apiKey`";
  // Codex appends its own path to the text, and a query may contain a key.
  if (url.search !== "" || url.hash !== "") return "must end with its path: remove the query and the fragment";
  return null;
}

/** Checks variables by name. Undefined values are ignored. `process.env` is not a plain object. */
export function isEnvironment(value: unknown): string | null {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return `must be an object, not ${kindOf(value)}`;
  for (const [name, text] of Object.entries(value)) {
    // A Windows name may begin with "=".
    if (name === "" || name.includes("\0") || name.includes("=", 1)) return "contains a variable with an invalid name";
    if (text === undefined) continue;
    if (typeof text !== "string") return `must contain strings, but \`${name}\` is ${kindOf(text)}`;
    if (text.includes("\0")) return `contains a NUL character in \`${name}\``;
  }
  return null;
}

/** Checks for nested plain objects, lists, strings, finite numbers and booleans. The phrase names the path of any other value. */
export function isConfig(value: unknown): string | null {
  if (!isPlainObject(value)) return `must be a plain object, not ${kindOf(value)}`;
  return findBadEntry(value, "", new Set());
}

function findBadEntry(table: object, prefix: string, seen: Set<object>): string | null {
  if (seen.has(table)) return `must not be circular, but \`${prefix}\` is`;
  seen.add(table);
  // A copy has undefined entries in place of the holes of a list.
  for (const [key, value] of Object.entries(Array.isArray(table) ? Array.from<unknown>(table) : table)) {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    if (value === undefined && Array.isArray(table)) return `has no value at \`${path}\``;
    const problem = key.trim() === "" ? "has an empty key" : findBadValue(value, path, seen);
    if (problem !== null) return problem;
  }
  seen.delete(table);
  return null;
}

function findBadValue(value: unknown, path: string, seen: Set<object>): string | null {
  if (value === undefined || typeof value === "string" || typeof value === "boolean") return null;
  if (typeof value === "number")
    return Number.isFinite(value) ? null : `contains a number that is not finite at \`${path}\``;
  if (Array.isArray(value) || isPlainObject(value)) return findBadEntry(value, path, seen);
  return `contains ${kindOf(value)} at \`${path}\`, which is not allowed in codex's configuration`;
}

export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
