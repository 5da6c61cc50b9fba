import { pathToFileURL } from "node:url";

/**
 * Returns the URL of this package, or of the bundle that it is part of. In CommonJS esbuild leaves `import.meta` empty, and
 * only `__filename` has the path.
 */
export function ownPlace(): string | undefined {
  const meta: { readonly url?: string } = import.meta;
  return meta.url ?? (typeof __filename === "string" ? pathToFileURL(__filename).href : undefined);
}
