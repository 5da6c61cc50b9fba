import { posix, win32 } from "node:path";

export interface BuildEnvironmentOptions {
  /** The complete environment of the child. No variable of the host program is added. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folders to put first on PATH, in this order. A folder that PATH already contains is moved. */
  readonly prependPath?: readonly string[] | undefined;
  /** Variables that override `env`. An undefined value removes the variable. */
  readonly set?: Readonly<Record<string, string | undefined>> | undefined;
  readonly platform?: NodeJS.Platform | undefined;
}

/**
 * Returns the environment of the child without undefined values. All others are kept, including `NODE_OPTIONS`, which codex
 * ignores but passes to its commands. Windows ignores the case of names: there a variable keeps its first spelling and its
 * last value, so that `{ ...process.env, PATH: x }` has the expected effect.
 */
export function buildEnvironment(options: BuildEnvironmentOptions): Record<string, string> {
  const { env, prependPath = [], set = {}, platform = process.platform } = options;
  const variables = createVariables(platform);
  for (const [name, value] of Object.entries(env)) if (value !== undefined) variables.set(name, value);
  for (const [name, value] of Object.entries(set)) variables.set(name, value);
  if (prependPath.length > 0) {
    variables.set("PATH", joinPath([...prependPath, ...splitPath(variables.get("PATH"), platform)], platform));
  }
  return variables.toObject();
}

function createVariables(platform: NodeJS.Platform) {
  const values = new Map<string, { readonly name: string; readonly value: string }>();
  const key = (name: string): string => (platform === "win32" ? name.toUpperCase() : name);
  return {
    get: (name: string) => values.get(key(name))?.value,
    set(name: string, value: string | undefined): void {
      if (value === undefined) values.delete(key(name));
      else values.set(key(name), { name: values.get(key(name))?.name ?? name, value });
    },
    toObject: () => Object.fromEntries([...values.values()].map(({ name, value }) => [name, value])),
  };
}

function splitPath(path: string | undefined, platform: NodeJS.Platform): string[] {
  return path === undefined || path === "" ? [] : path.split(delimiter(platform));
}

function joinPath(folders: readonly string[], platform: NodeJS.Platform): string {
  return [...new Set(folders)].join(delimiter(platform));
}

function delimiter(platform: NodeJS.Platform): string {
  return platform === "win32" ? win32.delimiter : posix.delimiter;
}
