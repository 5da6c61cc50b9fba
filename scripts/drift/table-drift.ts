import { builtinNamespaces, builtinTools } from "../../src/tools/check-tool-name.js";
import type { Finding } from "./finding.js";
import type { ReleaseFacts } from "./release-facts.js";

/** Compares models, features and tools. A tool that codexkit does not list as codex's own matters. */
export function compareFacts(from: ReleaseFacts, to: ReleaseFacts): Finding[] {
  const unlisted = (name: string): boolean => !builtinTools.has(name) && !builtinNamespaces.has(name);
  return (["tool", "model", "feature"] as const).flatMap((table) => {
    const names = new Set([...from[table].keys(), ...to[table].keys()]);
    return [...names].flatMap((name): Finding[] => {
      const [before, after] = [from[table].get(name) ?? null, to[table].get(name) ?? null];
      if (before === after) return [];
      const kind = before === null ? "+" : after === null ? "-" : "~";
      const usedBy = table === "tool" && kind === "+" && unlisted(name) ? ["src/tools/check-tool-name.ts"] : [];
      return [{ section: "tables", kind, path: `${table} ${name}`, from: before, to: after, usedBy }];
    });
  });
}
