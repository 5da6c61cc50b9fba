import { isJsonObject, type JsonObject, type JsonValue } from "../internal/json.js";
import { canonicalJson } from "./fingerprint.js";

/**
 * Returns the permissions to grant: all requested ones if the decision names none, or else exactly the named ones, unless
 * they exceed the requested ones. Restrictions of the request (entries that deny, the depth of a scan) are always kept.
 * Mirrors `GrantedPermissionProfile`.
 */
export function grantOf(asked: JsonObject, given: JsonValue | undefined): CheckedPart<JsonObject> {
  if (given === undefined) return { ok: true, value: withoutNulls(asked) };
  if (!isJsonObject(given)) return { ok: false, problem: "its `permissions` are not an object" };
  const granted: Record<string, JsonValue> = {};
  for (const [name, part] of Object.entries(given)) {
    if (part === null || part === undefined) continue;
    const narrowed = name === "fileSystem" ? narrowFiles(asked[name], part) : narrowOther(name, asked[name], part);
    if (narrowed === null) return { ok: false, problem: "its `permissions` exceed the requested ones" };
    granted[name] = narrowed;
  }
  return { ok: true, value: granted };
}

function narrowOther(name: string, asked: JsonValue | undefined, given: JsonValue): JsonValue | null {
  if (asked === undefined) return null;
  if (canonicalJson(asked) === canonicalJson(given)) return given;
  return name === "network" && isJsonObject(given) && canonicalJson(given) === '{"enabled":false}' ? given : null;
}

/** Narrows the lists of readable and writable paths. Fewer entries grant less, except entries that deny. */
function narrowFiles(asked: JsonValue | undefined, given: JsonValue): JsonObject | null {
  if (!isJsonObject(asked) || !isJsonObject(given)) return null;
  const granted: Record<string, JsonValue> = { read: null, write: null };
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue;
    const wanted = asked[name];
    if (wanted === undefined || wanted === null) return null;
    if (Array.isArray(value) && Array.isArray(wanted)) {
      const known = new Set(wanted.map(canonicalJson));
      if (!value.every((entry: JsonValue) => known.has(canonicalJson(entry)))) return null;
    } else if (canonicalJson(value) !== canonicalJson(wanted)) return null;
    granted[name] = value;
  }
  return { ...granted, ...limitsOf(asked, granted["entries"]) };
}

function limitsOf(asked: JsonObject, granted: JsonValue | undefined): JsonObject {
  const { entries, globScanMaxDepth } = asked;
  const chosen: readonly JsonValue[] = Array.isArray(granted) ? granted : [];
  const texts = new Set(chosen.map(canonicalJson));
  const asks: readonly JsonValue[] = Array.isArray(entries) ? entries : [];
  const denied = asks.filter(
    (entry) => isJsonObject(entry) && entry["access"] === "deny" && !texts.has(canonicalJson(entry)),
  );
  return {
    ...(chosen.length + denied.length > 0 ? { entries: [...chosen, ...denied] } : {}),
    ...(globScanMaxDepth === undefined ? {} : { globScanMaxDepth }),
  };
}

function withoutNulls(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== null && part !== undefined));
}

/** A checked part of a decision, or its problem. */
export type CheckedPart<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };
