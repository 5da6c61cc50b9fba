import { posix, win32 } from "node:path";

export interface PathSearch {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/**
 * Returns every path on PATH that a program of this name can have, in order. Empty and relative entries of PATH are
 * ignored, so that a file in the current folder is never started by accident.
 */
export function pathCandidates(name: string, { env, platform }: PathSearch): string[] {
  if (platform !== "win32") {
    const folders = (env["PATH"] ?? "").split(posix.delimiter).filter((folder) => posix.isAbsolute(folder));
    return folders.map((folder) => posix.join(folder, name));
  }
  const folders = (windowsVariable(env, "PATH") ?? "")
    .split(win32.delimiter)
    .map((folder) => folder.replaceAll('"', ""))
    .filter((folder) => /^([a-z]:[\\/]|\\\\)/i.test(folder));
  const extensions = (windowsVariable(env, "PATHEXT") ?? ".COM;.EXE;.BAT;.CMD")
    .split(";")
    .filter((part) => part !== "");
  const names = extensions.some((extension) => name.toLowerCase().endsWith(extension.toLowerCase()))
    ? [name]
    : extensions.map((extension) => name + extension.toLowerCase());
  return folders.flatMap((folder) => names.map((full) => win32.join(folder, full)));
}

/** Returns true for a file that Windows can only start with a shell, which codexkit never uses. */
export function isBatchFile(path: string): boolean {
  return /\.(cmd|bat)$/i.test(path);
}

/**
 * Returns the script or program that an npm `.cmd` shim starts, relative to the shim's folder and with `/`, or undefined if
 * the text is no such shim. Shims name it `"%dp0%\..\x"` or, older ones, `"%~dp0\..\x"`; the last one is started.
 */
export function shimTarget(text: string): string | undefined {
  const targets = [...text.matchAll(/"%(?:~dp0|dp0%)\\?([^"%]+)"/gi)].map((match) => match[1] ?? "");
  return targets
    .filter((target) => !/(^|\\)node(\.exe)?$/i.test(target))
    .at(-1)
    ?.replaceAll("\\", "/");
}

/** Returns a variable of Windows, which ignores the case of names. A copy of `process.env` keeps one spelling of each. `name` is in capitals. */
export function windowsVariable(env: PathSearch["env"], name: string): string | undefined {
  const key = Object.keys(env)
    .filter((candidate) => candidate.toUpperCase() === name)
    .at(-1);
  return key === undefined ? undefined : env[key];
}
