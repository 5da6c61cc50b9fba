import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { realPathOf } from "../approvals/rules/real-path.js";
import { OptionError } from "../errors/option-error.js";
import type { ProtectedPath, ThreadOptions } from "../transport/transport.js";

/**
 * Returns the options with protected paths that are relative to the working directory, with `/` between names. Throws an
 * `OptionError` (`INVALID_OPTION`) for a path outside of it.
 */
export function withProtectedPaths<O extends ThreadOptions>(options: O): O {
  const { protectedPaths, workingDirectory = "." } = options;
  if (protectedPaths === undefined) return options;
  const inside = protectedPaths.map((each): ProtectedPath => {
    if (typeof each === "string") return toInside(each, workingDirectory);
    return { path: toInside(each.path, workingDirectory), access: each.access };
  });
  return { ...options, protectedPaths: inside };
}

/**
 * Throws an `OptionError` (`INVALID_OPTION`) for a protected path that is a link or leads through one, because codex would
 * protect its target only and the link could be replaced, and for one in a missing folder, which codex cannot protect.
 */
export function checkProtectedPaths({ protectedPaths = [], workingDirectory = "." }: ThreadOptions): void {
  if (protectedPaths.length === 0) return;
  const known = new Map<string, string | null>();
  const directory = realPathOf(workingDirectory, known);
  for (const each of protectedPaths) {
    const path = typeof each === "string" ? each : each.path;
    const whole = join(directory ?? workingDirectory, path);
    if (directory === null || realPathOf(whole, known) !== whole)
      throw invalid(path, "which is a link or leads through one; protect the real path");
    if (!existsSync(dirname(whole)))
      throw invalid(path, "whose folder does not exist; create it, or protect the folder");
  }
}

function toInside(path: string, directory: string): string {
  const below = relative(resolve(directory), resolve(directory, path));
  if (below === "" || below === ".." || below.startsWith(`..${sep}`) || isAbsolute(below))
    throw invalid(path, "which is not inside the working directory");
  return below.split(sep).join("/");
}

function invalid(path: string, problem: string): OptionError {
  const message = `The option \`protectedPaths\` contains ${JSON.stringify(path.slice(0, 200))}, ${problem}.`;
  return new OptionError("INVALID_OPTION", "protectedPaths", message);
}
