import type { Finding } from "./finding.js";
import type { ProtocolParts } from "./protocol-parts.js";
import type { SourceUses } from "./used-by.js";

/** Compares methods, fields and literals. A new or removed type is one finding. */
export function compareProtocols(from: ProtocolParts, to: ProtocolParts, uses: SourceUses): Finding[] {
  const used = createUsedBy([from, to], uses);
  const changed = [...from.parts].flatMap(([path, before]): Finding[] => {
    const after = to.parts.get(path);
    if (after === undefined) return [{ section: "protocol", kind: "-", path, from: before, to: null, usedBy: [] }];
    return after === before ? [] : [{ section: "protocol", kind: "~", path, from: before, to: after, usedBy: [] }];
  });
  const added = [...to.parts]
    .filter(([path]) => !from.parts.has(path))
    .map(([path, after]): Finding => ({ section: "protocol", kind: "+", path, from: null, to: after, usedBy: [] }));
  const all = [...foldTypes(changed, to, "-"), ...foldTypes(added, from, "+")];
  return all.map((finding) => ({ ...finding, usedBy: used(finding.path) }));
}

/** Replaces the fields of a type that the other version does not have by one finding. */
function foldTypes(findings: readonly Finding[], other: ProtocolParts, kind: "+" | "-"): Finding[] {
  const folded = new Map<string, number>();
  const rest = findings.filter((finding) => {
    const type = typeOf(finding.path);
    if (finding.kind !== kind || type === "" || other.references.has(type)) return true;
    folded.set(type, (folded.get(type) ?? 0) + 1);
    return false;
  });
  const types = [...folded].map(([type, count]): Finding => ({
    section: "protocol",
    kind,
    path: `type ${type}`,
    from: kind === "-" ? "" : null,
    to: kind === "+" ? "" : null,
    usedBy: [],
    count,
  }));
  return [...rest, ...types];
}

/** Returns the name of the type that a path is a part of; empty for a method. */
function typeOf(path: string): string {
  return path.includes(" ") && !path.includes("=") ? "" : (/^[A-Za-z0-9_]+/.exec(path)?.[0] ?? "");
}

/**
 * Returns the files that use a part: a method is used by its name; a field or literal is used by its name if its type
 * belongs to a method that `src/` names, directly or by a type that `src/` names. Names of fields are not unique: a person
 * looks at the files.
 */
function createUsedBy(versions: readonly ProtocolParts[], uses: SourceUses): (path: string) => string[] {
  const direct = new Set<string>();
  const reached = new Set<string>();
  const reach = (type: string): void => {
    if (reached.has(type)) return;
    reached.add(type);
    for (const { references } of versions) for (const next of references.get(type) ?? []) reach(next);
  };
  for (const { methods } of versions) {
    for (const [method, params] of methods) {
      if (uses.literal(method).length === 0) continue;
      for (const type of [params, params.replace(/Params$/, "Response")]) {
        direct.add(type);
        reach(type);
      }
    }
  }
  const isUsed = (type: string): boolean => direct.has(type) || (reached.has(type) && uses.names(type));
  return (path) => {
    const method = /^(?:client method|server request|notification|client notification) (.+)$/.exec(path)?.[1];
    if (method !== undefined) return uses.literal(method);
    if (path.startsWith("type ") || !isUsed(typeOf(path))) return [];
    const literal = /="(.+)"$/.exec(path)?.[1];
    if (literal !== undefined) return uses.literal(literal);
    const field = /\.(\w+)$/.exec(path)?.[1];
    return field === undefined ? [] : uses.field(field);
  };
}
