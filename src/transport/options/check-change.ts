import { resolve } from "node:path";
import { resolveOption } from "../../internal/host-directory.js";
import { OptionError } from "../../errors/option-error.js";
import { UnsupportedFeatureError } from "../../errors/unsupported-feature-error.js";
import { withoutUndefined } from "../../internal/without-undefined.js";
import { refuseStartConfig } from "../config/start-config.js";
import type { SharedOptions, ThreadOptions, TransportName } from "./options.js";
import { optionRows, threadOptionsTable } from "./options-table.js";

export interface OptionChange {
  /** The options in force: those of a stored or a running thread. */
  readonly base?: ThreadOptions;
  /** The options that override them. */
  readonly changes: ThreadOptions;
  readonly transport: TransportName;
  /** Codex already has the thread: options of new threads are refused. */
  readonly existing: boolean;
  /** The changes are those of one turn. */
  readonly forTurn?: boolean;
}

/**
 * Throws an `OptionError` for options that contradict each other once all levels are merged, and an
 * `UnsupportedFeatureError` for options that the transport lacks.
 */
export function checkChange({ base = {}, changes, transport, existing, forTurn = false }: OptionChange): void {
  const merged: ThreadOptions = { ...base, ...withoutUndefined(changes) };
  checkContradictions({ ...changes, sandboxMode: merged.sandboxMode }, existing);
  // A turn's sandbox mode may differ from the thread's; then the thread's permissions are not used and not checked.
  if (!forTurn) checkContradictions(merged, false);
  if (forTurn) checkFixedSandbox(base, changes);
  else checkTrustedFolder(base, changes);
  if (transport === "app-server") refuseStartConfig(merged.config);
  checkTransportSupport(merged, transport);
  checkTransportSupport(changes, transport, { late: existing });
}

/** Throws an `OptionError` for options that contradict each other. `resumed`: codex already has the thread. */
export function checkContradictions(options: ThreadOptions, resumed: boolean): void {
  const {
    sandboxMode = "read-only",
    networkAccessEnabled,
    additionalDirectories,
    webSearchMode,
    webSearchEnabled,
  } = options;
  if (networkAccessEnabled === true && sandboxMode === "read-only") {
    throw contradiction(
      "networkAccessEnabled",
      'needs `sandboxMode: "workspace-write"`: a read-only sandbox has no network',
    );
  }
  if (networkAccessEnabled === false && sandboxMode === "danger-full-access") {
    throw contradiction(
      "networkAccessEnabled",
      'cannot be false under `sandboxMode: "danger-full-access"`, which has no sandbox',
    );
  }
  if (additionalDirectories !== undefined && additionalDirectories.length > 0 && sandboxMode === "read-only") {
    throw contradiction(
      "additionalDirectories",
      'needs `sandboxMode: "workspace-write"`: a read-only sandbox allows no writes',
    );
  }
  if (options.protectedPaths !== undefined && options.protectedPaths.length > 0) checkProtection(options);
  if (
    webSearchEnabled !== undefined &&
    webSearchMode !== undefined &&
    webSearchEnabled === (webSearchMode === "disabled")
  ) {
    throw contradiction(
      "webSearchEnabled",
      `is ${String(webSearchEnabled)}, which contradicts \`webSearchMode: "${webSearchMode}"\``,
    );
  }
  if (resumed) refuseNewOnly(options);
}

function checkProtection({ sandboxMode, config = {} }: ThreadOptions): void {
  if (sandboxMode === "danger-full-access")
    throw contradiction("protectedPaths", 'needs a sandbox, and `sandboxMode: "danger-full-access"` has none');
  const own = Object.keys(config).find((key) => /^(default_permissions|permissions|sandbox_mode)(\.|$)/.test(key));
  if (own !== undefined)
    throw contradiction("protectedPaths", `contradicts \`config.${own}\`: both select permissions`);
}

/**
 * Throws an `OptionError` for a change of the sandbox of a thread with `protectedPaths`. The permission profile of such a
 * thread is fixed when codex starts it.
 */
export function checkFixedSandbox(base: ThreadOptions, changes: ThreadOptions): void {
  if (base.protectedPaths === undefined || base.protectedPaths.length === 0) return;
  for (const name of ["sandboxMode", "networkAccessEnabled", "additionalDirectories", "workingDirectory"] as const) {
    if (changes[name] === undefined || JSON.stringify(changes[name]) === JSON.stringify(base[name])) continue;
    throw contradiction(name, "cannot be changed in a thread with `protectedPaths`: resume the thread with it");
  }
}

/** Throws an `OptionError` if a thread with `trustProject` moves to another repository without a word about trust in it. */
function checkTrustedFolder(base: ThreadOptions, { workingDirectory, trustProject }: ThreadOptions): void {
  if (base.trustProject !== true || trustProject !== undefined || workingDirectory === undefined) return;
  if (resolveOption("workingDirectory", workingDirectory) === resolve(base.workingDirectory ?? ".")) return;
  throw contradiction(
    "workingDirectory",
    "would extend `trustProject` to another folder: pass `trustProject` with it, true or false",
  );
}

/** Throws for options that exec lacks. `late`: the thread exists already, or the options are those of a turn. */
export function checkTransportSupport(
  options: ThreadOptions | SharedOptions,
  transport: TransportName,
  { late = false }: { readonly late?: boolean } = {},
): void {
  if (transport !== "exec") return;
  const given = new Set(Object.keys(withoutUndefined(options)));
  for (const [name, { exec, execKeepsFirst }] of Object.entries(optionRows)) {
    if (!given.has(name)) continue;
    if (exec === "unsupported") throw unsupportedOnExec(`The option \`${name}\``, "exec has no such setting");
    if (late && execKeepsFirst === true) {
      throw unsupportedOnExec(
        `Changing \`${name}\` of a thread`,
        "codex exec keeps the value of the thread's first turn",
      );
    }
  }
  const { approvalPolicy = "never" } = options;
  if (approvalPolicy !== "never") {
    throw unsupportedOnExec(
      `\`approvalPolicy: "${approvalPolicy}"\``,
      "codex exec cannot ask for approval, so its policy is always `never`",
    );
  }
}

/** Returns the options without those of new threads, which codex stores with the thread. */
export function withoutNewOnly(options: ThreadOptions): ThreadOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !newOnly.has(name)));
}

const newOnly: ReadonlySet<string> = new Set(
  Object.entries(threadOptionsTable).flatMap(([name, { onResume }]) => (onResume === "new only" ? [name] : [])),
);

function refuseNewOnly(options: ThreadOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (newOnly.has(name) && value !== undefined && value !== false)
      throw contradiction(name, "is for new threads only; this one is resumed");
  }
}

function unsupportedOnExec(feature: string, reason: string): UnsupportedFeatureError {
  return new UnsupportedFeatureError(feature, "exec", `${reason}; use \`transport: "app-server"\`.`);
}

function contradiction(option: string, problem: string): OptionError {
  return new OptionError("INVALID_OPTION", option, `The option \`${option}\` ${problem}.`);
}
