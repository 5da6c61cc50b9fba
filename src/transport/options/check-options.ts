import type { CodexError } from "../../errors/codex-error.js";
import { OptionError } from "../../errors/option-error.js";
import { UnsupportedFeatureError } from "../../errors/unsupported-feature-error.js";
import { refuseArgvSecrets } from "../config/config-secrets.js";
import { nearestName } from "./nearest-name.js";
import { kindOf } from "./option-checks.js";
import type { SharedOptions, ThreadOptions, TransportName } from "./options.js";
import { clientOptionsTable } from "./client-options-table.js";
import type { OptionLevel } from "./option-wires.js";
import { optionRows, threadOptionsTable } from "./options-table.js";

export interface CheckOptions {
  readonly level: OptionLevel;
  /** Options of the same object that are none of the table's: their own check, or `null` where somebody else checks. */
  readonly own?: Readonly<Record<string, ((value: unknown) => string | null) | null>>;
}

/** Refuses an unknown option, naming the nearest known one, and a value that codex would refuse or ignore. */
export function checkOptions(options: unknown, { level, own = {} }: CheckOptions): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new OptionError(
      "INVALID_OPTION",
      "options",
      `The ${level} options must be an object, not ${kindOf(options)}.`,
    );
  }
  const checks: Readonly<Record<string, ((value: unknown) => string | null) | null>> = { ...checksOf(level), ...own };
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(checks, name)) throw unknownOption(name, level, Object.keys(checks));
    const problem = value === undefined ? null : checks[name]?.(value);
    if (typeof problem === "string")
      throw new OptionError("INVALID_OPTION", name, `The option \`${name}\` ${problem}.`);
  }
}

/** Refuses options that contradict each other, once all levels are laid over one another. */
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
      'needs `sandboxMode: "workspace-write"`: a read-only sandbox writes nowhere',
    );
  }
  if (
    webSearchEnabled !== undefined &&
    webSearchMode !== undefined &&
    webSearchEnabled === (webSearchMode === "disabled")
  ) {
    throw contradiction(
      "webSearchEnabled",
      `says ${String(webSearchEnabled)} while \`webSearchMode\` says "${webSearchMode}"`,
    );
  }
  if (resumed) refuseNewOnly(options);
}

/** Refuses what the exec transport cannot do; `late` says that the thread exists already, or that they are a turn's. */
export function checkTransportSupport(
  options: ThreadOptions | SharedOptions,
  transport: TransportName,
  { late = false }: { readonly late?: boolean } = {},
): void {
  if (transport !== "exec") return;
  const given = new Set(Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [name])));
  for (const [name, { exec, execKeepsFirst }] of Object.entries(optionRows)) {
    if (!given.has(name)) continue;
    if (exec === "unsupported") throw unsupportedOnExec(`The option \`${name}\``, "exec has no way to say it");
    if (late && execKeepsFirst === true) {
      throw unsupportedOnExec(`Changing \`${name}\` of a thread`, "codex exec keeps what the thread's first turn had");
    }
  }
  if ("config" in options && options.config !== undefined) refuseArgvSecrets(options.config);
  const { approvalPolicy = "never" } = options;
  if (approvalPolicy !== "never") {
    throw unsupportedOnExec(
      `\`approvalPolicy: "${approvalPolicy}"\``,
      "codex exec can ask nobody, its policy is always `never`",
    );
  }
}

function unsupportedOnExec(feature: string, reason: string): UnsupportedFeatureError {
  return new UnsupportedFeatureError(feature, "exec", `${reason}; use \`transport: "app-server"\`.`);
}

/** The options without those that only a new thread takes: codex keeps them with the thread. */
export function withoutNewOnly(options: ThreadOptions): ThreadOptions {
  const newOnly = new Set(
    Object.entries(threadOptionsTable).flatMap(([name, { onResume }]) => (onResume === "new only" ? [name] : [])),
  );
  return Object.fromEntries(Object.entries(options).filter(([name]) => !newOnly.has(name)));
}

function checksOf(level: OptionLevel): Record<string, (value: unknown) => string | null> {
  const table = level === "client" ? Object.entries(clientOptionsTable) : rowsOf(level);
  return Object.fromEntries(table.map(([name, { check }]) => [name, check]));
}

function rowsOf(level: OptionLevel): [string, { check: (value: unknown) => string | null }][] {
  return Object.entries(threadOptionsTable).filter(([, { levels }]) => levels.includes(level));
}

function unknownOption(name: string, level: OptionLevel, known: readonly string[]): CodexError {
  const nearest = nearestName(name, known);
  const elsewhere = placesOf(name);
  const advice =
    elsewhere.length > 0
      ? `It is an option of ${elsewhere.join(" or ")}, not of a ${level}.`
      : nearest === null
        ? `Known are: ${[...known].sort().join(", ")}.`
        : `Did you mean \`${nearest}\`?`;
  return new OptionError("UNKNOWN_OPTION", name, `Unknown ${level} option \`${name.slice(0, 80)}\`. ${advice}`);
}

function placesOf(name: string): readonly string[] {
  const { [name]: row } = optionRows;
  const levels = new Set([
    ...(Object.hasOwn(optionRows, name) ? (row?.levels ?? []) : []),
    ...(Object.hasOwn(clientOptionsTable, name) ? ["client" as const] : []),
    ...(ownOptions.get(name) ?? []),
  ]);
  return [...levels].map((level) => (level === "client" ? "`new Codex()`" : `a ${level}`));
}

/** Options that never reach a transport, by the levels that take them; their checks are where they are acted on. */
const ownOptions: ReadonlyMap<string, readonly OptionLevel[]> = new Map([
  ["transport", ["client"]],
  ["outputSchema", ["thread", "turn"]],
  ["signal", ["turn"]],
  ["whenBusy", ["turn"]],
  ["tools", ["client", "thread"]],
  ["onApproval", ["client", "thread"]],
  ["approvalTimeoutMs", ["client", "thread"]],
  ["context", ["client", "thread", "turn"]],
  ["logger", ["client"]],
  ["timeoutMs", ["turn"]],
  ["idleTimeoutMs", ["turn"]],
]);

function refuseNewOnly(options: ThreadOptions): void {
  for (const [name, value] of Object.entries(options)) {
    const newOnly = Object.entries(threadOptionsTable).some(
      ([key, { onResume }]) => key === name && onResume === "new only",
    );
    if (newOnly && value !== undefined && value !== false)
      throw contradiction(name, "is for new threads only; this one is resumed");
  }
}

function contradiction(option: string, problem: string): OptionError {
  return new OptionError("INVALID_OPTION", option, `The option \`${option}\` ${problem}.`);
}
