import { asList, asObject, type JsonObject, type JsonValue } from "../../internal/json.js";
import { BinaryIdentity } from "../../process/locate/binary-identity.js";
import { UnsafeBinaryError } from "../../process/locate/binary-errors.js";
import type { LocatedBinary } from "../../process/locate/locate-binary.js";
import { flattenConfig, layConfig, valueAt } from "../config/flatten-config.js";
import { rawConfig } from "../config/raw-config.js";
import { checkTemporaryFolder } from "../launch/temporary-folder.js";
import { runVariables } from "../launch/run-marker.js";
import type { Warning } from "../launch/to-warning.js";
import type { ThreadOptions, TransportOptions } from "../options/options.js";
import { trustEntries } from "./check-trust.js";
import { gitVariables, gitVariablesAfter, gitVariablesOfShell } from "./git-environment.js";
import { decidingFolders } from "./project-trust.js";
import {
  describeUntrustedPlaces,
  describeWritablePlaces,
  pathOf,
  safePath,
  untrustedFoldersOf,
} from "./host-places.js";
import { readUserConfig, type UserConfig } from "./user-config.js";
import { writableRootAround, writableRootsOf } from "./writable-roots.js";

export interface HostGuardOptions {
  readonly client: TransportOptions;
  /** The environment of codex. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly locate: () => LocatedBinary;
}

/**
 * Keeps a repository and the agent's commands from changing what runs outside the sandbox: codex's trust in the folder, the
 * codex binary, the folders on PATH, and the programs that git starts. A transport has one guard for all its threads.
 */
export class HostGuard {
  readonly #options: HostGuardOptions;
  readonly #identity = new BinaryIdentity();
  /** The writable folders of each options object that was checked. A thread without overrides is checked once. */
  readonly #checked = new WeakMap<ThreadOptions, readonly string[]>();
  readonly #inspected = new WeakSet<ThreadOptions>();
  /** The folders of all threads so far that must not be on PATH at the next start of codex. */
  readonly #roots = new Set<string>();
  readonly #told = new Set<string>();
  #user: UserConfig | null = null;
  /** The PATH of the process that runs, on app-server. */
  #path: string | null = null;

  constructor(options: HostGuardOptions) {
    this.#options = options;
  }

  /** Throws an `UnsafeBinaryError` if commands that run with these options can replace the codex binary. */
  check(options: ThreadOptions): readonly string[] {
    const known = this.#checked.get(options);
    if (known !== undefined) return known;
    const { client, env } = this.#options;
    const roots = writableRootsOf({ options, config: this.#configOf(options), env });
    for (const root of this.#pathRoots(roots, options)) this.#roots.add(root);
    const binary = roots.length === 0 || client.allowWritableBinary === true ? null : this.#locate();
    const root = binary === null ? null : writableRootAround(binary, roots);
    if (binary !== null && root !== null) {
      const advice =
        "install codex elsewhere and set `codexPathOverride` or `CODEX_PATH` to it, choose another `workingDirectory`, or pass `allowWritableBinary: true`";
      throw new UnsafeBinaryError(
        "BINARY_WRITABLE",
        binary,
        `lies in ${root}, which the sandbox allows the agent's commands to write to, so they could replace it: ${advice}`,
      );
    }
    this.#checked.set(options, roots);
    return roots;
  }

  /** Checks the options and the temporary folder, and returns the warnings about them that no turn of the client has emitted yet. */
  inspect(options: ThreadOptions): readonly Warning[] {
    if (this.#inspected.has(options)) return [];
    if (this.#isSandboxed(options)) checkTemporaryFolder(this.#options.env);
    const warnings = [...this.#trustWarnings(options), ...this.#hostWarnings(this.check(options), options)];
    const fresh = warnings.filter(({ message }) => !this.#told.has(message));
    for (const { message } of fresh) this.#told.add(message);
    this.#inspected.add(options);
    return fresh;
  }

  /** Returns false if a setting allows commands to run without codex's sandbox. */
  #isSandboxed(options: ThreadOptions): boolean {
    if (options.sandboxMode !== undefined) return options.sandboxMode !== "danger-full-access";
    const config = this.#configOf(options);
    return (
      valueAt(config, "sandbox_mode") !== "danger-full-access" && valueAt(config, "default_permissions") === undefined
    );
  }

  /** Returns the flat configuration that each thread carries: the variables of its shells. */
  toConfig(options: ThreadOptions): Record<string, JsonValue> {
    this.#user = null;
    const merged = this.#configOf(options);
    const config: Record<string, JsonValue> = {};
    const variables = { ...this.#shellPath(options, merged), ...this.#gitOfShell(merged) };
    for (const [name, value] of Object.entries(variables)) config[`${policyPath}.set.${name}`] = value;
    const only = asList(valueAt(merged, `${policyPath}.include_only`));
    const git = "GIT_CONFIG_COUNT" in variables ? [gitVariables] : [];
    // Without the marker a daemon of a command could not be found, and would outlive its turn.
    if (only.length > 0) config[`${policyPath}.include_only`] = [...only, ...git, runVariables];
    return config;
  }

  /**
   * Returns the variables of the next start of codex: git's, and PATH without the folders that commands may write to, and
   * without those of a repository that is not trusted. They are no secrets. `options` are those of the only thread that the process serves; without them it serves all threads so
   * far. Throws an `UnsafeBinaryError` if the binary is not the one of the first start.
   */
  environment(binary: LocatedBinary, options?: ThreadOptions): Record<string, string> {
    this.#identity.check(binary.path);
    const { client, env } = this.#options;
    const git = client.hardenGit === false ? {} : gitVariablesAfter(env);
    const path = pathOf(env);
    if (path === undefined) return git;
    const safe = safePath(
      path,
      options === undefined ? [...this.#roots] : this.#pathRoots(this.check(options), options),
    );
    if (options === undefined) this.#path = safe;
    return safe === path ? git : { ...git, PATH: safe };
  }

  /** The folders that must not be on PATH: the writable ones, or in read-only those of a repository without trust. */
  #pathRoots(roots: readonly string[], options: ThreadOptions): readonly string[] {
    return roots.length > 0 ? roots : untrustedFoldersOf(options, this.#options.env);
  }

  #locate(): string | null {
    try {
      return this.#options.locate().path;
    } catch {
      return null; // The start of codex reports it.
    }
  }

  /** The configuration in force: the user's tables, then the client's, then the thread's. */
  #configOf(options: ThreadOptions): Record<string, JsonValue> {
    const { client, env } = this.#options;
    this.#user ??= readUserConfig(env);
    const { sandbox_workspace_write: sandbox = {}, [policyPath]: policy = {} } = this.#user.tables;
    const flat: Record<string, JsonValue> = { sandbox_workspace_write: sandbox, [policyPath]: policy };
    layConfig(flat, rawConfig(client.configOverrides ?? []));
    layConfig(flat, flattenConfig(client.config ?? {}));
    layConfig(flat, flattenConfig(options.config ?? {}));
    return flat;
  }

  #gitOfShell(merged: Readonly<Record<string, JsonValue>>): Record<string, string> {
    const { client, env } = this.#options;
    if (client.hardenGit === false) return {};
    const policy: JsonObject = asObject(valueAt(merged, policyPath));
    // With a key codexkit switches codex's own filter on.
    return gitVariablesOfShell(
      env,
      client.apiKey === undefined ? policy : { ...policy, ignore_default_excludes: false },
    );
  }

  /** The PATH of the thread's shells, if the process that runs has a folder on it that the thread's commands may write to. */
  #shellPath(options: ThreadOptions, merged: Readonly<Record<string, JsonValue>>): Record<string, string> {
    const path = this.#path;
    if (path === null || valueAt(merged, `${policyPath}.set.PATH`) !== undefined) return {};
    const roots = writableRootsOf({ options, config: merged, env: this.#options.env });
    const safe = safePath(path, this.#pathRoots(roots, options));
    return safe === path ? {} : { PATH: safe };
  }

  /** A warning for each folder that the user's configuration trusts and this thread does not. */
  #trustWarnings(options: ThreadOptions): readonly Warning[] {
    if (options.trustProject === true) return [];
    this.#user ??= readUserConfig(this.#options.env);
    const { path, tables } = this.#user;
    const entries = trustEntries(tables["projects"]).filter(({ level }) => level === "trusted");
    if (entries.length === 0) return [];
    const deciding = decidingFolders(options.workingDirectory ?? ".");
    return entries
      .filter(({ folder }) => deciding.includes(folder))
      .map(({ folder }) => ({
        code: "PROJECT_TRUST_IGNORED",
        message: `${path} trusts ${folder}. This thread does not: codex ignores the folder's .codex/ and AGENTS.md. Pass \`trustProject: true\` to load them.`,
      }));
  }

  #hostWarnings(roots: readonly string[], options: ThreadOptions): readonly Warning[] {
    const { env } = this.#options;
    const messages =
      roots.length > 0
        ? describeWritablePlaces(env, roots, this.#path)
        : describeUntrustedPlaces(env, untrustedFoldersOf(options, env), this.#path);
    return messages.map((message) => ({ code: "HOST_WRITABLE", message }));
  }
}

const policyPath = "shell_environment_policy";
