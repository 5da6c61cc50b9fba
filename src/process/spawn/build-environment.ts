import { posix, win32 } from "node:path";

export interface BuildEnvironmentOptions {
  /** The whole environment of the child; nothing is added from the host's. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folders that come first on PATH, in this order; one that is there already is moved, not doubled. */
  readonly prependPath?: readonly string[] | undefined;
  /** Variables that win over `env`. An undefined value removes the variable. */
  readonly set?: Readonly<Record<string, string | undefined>> | undefined;
  readonly platform?: NodeJS.Platform | undefined;
}

/**
 * The environment of the child. Undefined values are dropped; all else is the caller's, `NODE_OPTIONS` included, which
 * codex does not read but passes on to the commands it runs. On Windows, where names have no case, a variable keeps its
 * first spelling and its last value, as `{ ...process.env, PATH: x }` means it.
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
