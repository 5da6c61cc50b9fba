import { asObject, asText, isJsonObject, type JsonObject, type JsonValue } from "../../internal/json.js";
import type { SandboxMode, SharedOptions, ThreadOptions } from "../options/options.js";
import type { AppServerDraft } from "../options/option-wires.js";
import { toTurnDraft } from "./thread-params.js";

/** The settings that codex keeps for later turns when a turn sets them. */
export interface StickySettings {
  readonly model: string;
  readonly cwd: string;
  readonly effort: string | null;
  readonly summary: string | null;
  readonly serviceTier: string | null;
  readonly approvalPolicy: JsonValue;
  readonly sandboxPolicy: JsonValue;
}

/** The settings in force that the app-server reports in its answer to `thread/start` and `thread/resume`. */
export interface EffectiveSettings {
  readonly model: string;
  readonly cwd: string;
  readonly reasoningEffort: string | null;
  readonly serviceTier: string | null;
  readonly approvalPolicy: JsonValue;
  readonly sandbox: JsonValue;
}

export function toStickySettings(effective: EffectiveSettings, summary: string | null): StickySettings {
  const { model, cwd, reasoningEffort, serviceTier, approvalPolicy, sandbox } = effective;
  return { model, cwd, effort: reasoningEffort, summary, serviceTier, approvalPolicy, sandboxPolicy: sandbox };
}

/**
 * The settings that a handle's options are merged over. In a thread that was loaded before, the last turn of another handle
 * decides what is in force, so the settings before any turn are used instead. Its sandbox is never taken over: a handle must
 * not get the permissions of another one.
 */
export function toBaseline(baseline: StickySettings | null, inForce: StickySettings): StickySettings {
  return baseline === null ? inForce : { ...baseline, sandboxPolicy: {} };
}

/** The base settings with those that a thread's options set. */
export function withThreadOptions(base: StickySettings, options: ThreadOptions): StickySettings {
  return { ...withOptions(base, options), serviceTier: options.serviceTier ?? base.serviceTier };
}

/** The base settings with those that a turn's options set. The service tier has a field of its own, for one turn. */
export function withOptions(base: StickySettings, options: SharedOptions): StickySettings {
  const { params, sandbox } = toTurnDraft(sharedOf(options));
  return {
    ...base,
    model: textOr(params["model"], base.model),
    cwd: textOr(params["cwd"], base.cwd),
    effort: textOr(params["effort"], base.effort),
    summary: textOr(params["summary"], base.summary),
    approvalPolicy: params["approvalPolicy"] ?? base.approvalPolicy,
    sandboxPolicy: toSandboxPolicy(sandbox, base.sandboxPolicy),
  };
}

/**
 * The params that change the server's settings from `has` to `wants`. The effort cannot be unset by its own field, in which
 * null means "unchanged"; the collaboration mode can unset it.
 */
export function settingsDifference(has: StickySettings, wants: StickySettings): JsonObject {
  const changed: Record<string, JsonValue> = {};
  for (const key of stickyKeys) {
    if (JSON.stringify(has[key]) !== JSON.stringify(wants[key]) && wants[key] !== null) changed[key] = wants[key];
  }
  if (has.summary !== null && wants.summary === null) changed["summary"] = "none";
  if (has.effort === null || wants.effort !== null) return changed;
  const settings = { model: wants.model, reasoning_effort: null, developer_instructions: "" };
  return { ...changed, collaborationMode: { mode: "default", settings } };
}

const stickyKeys = ["model", "cwd", "effort", "summary", "serviceTier", "approvalPolicy", "sandboxPolicy"] as const;

function sharedOf(options: SharedOptions): SharedOptions {
  const { model, modelReasoningEffort, modelReasoningSummary, sandboxMode, networkAccessEnabled } = options;
  const { additionalDirectories, approvalPolicy, workingDirectory } = options;
  const shared: SharedOptions = {
    model,
    modelReasoningEffort,
    modelReasoningSummary,
    sandboxMode,
    networkAccessEnabled,
    additionalDirectories,
    approvalPolicy,
    workingDirectory,
  };
  return Object.fromEntries(Object.entries(shared).filter(([, value]) => value !== undefined));
}

const policyTypes = {
  "read-only": "readOnly",
  "workspace-write": "workspaceWrite",
  "danger-full-access": "dangerFullAccess",
} as const satisfies Record<SandboxMode, string>;

/** The complete policy object that the wire requires. Parts that the options do not set stay as they are in force. */
function toSandboxPolicy(sandbox: AppServerDraft["sandbox"], inForce: JsonValue): JsonValue {
  const { mode, network, roots } = sandbox;
  if (mode === undefined && network === undefined && roots === undefined) return inForce;
  const current = isJsonObject(inForce) ? inForce : {};
  const type = mode === undefined ? current["type"] : policyTypes[mode];
  const kept = type === current["type"] ? current : {};
  switch (type) {
    case "dangerFullAccess":
      return { type };
    case "workspaceWrite":
      return {
        type,
        writableRoots: roots ?? kept["writableRoots"] ?? [],
        networkAccess: network ?? kept["networkAccess"] ?? false,
        excludeTmpdirEnvVar: kept["excludeTmpdirEnvVar"] ?? false,
        excludeSlashTmp: kept["excludeSlashTmp"] ?? false,
      };
    default:
      return { type: "readOnly", networkAccess: false };
  }
}

/** The settings that limit the commands of a thread. */
export type Permissions = Pick<StickySettings, "approvalPolicy" | "sandboxPolicy">;

/** Whether commands may do more with the permissions `agent` than with `turn`. Unknown forms of permissions count as more. */
export function allowsMore(agent: Permissions, turn: Permissions): boolean {
  const policies = JSON.stringify(turn.approvalPolicy);
  const asksLess = JSON.stringify(agent.approvalPolicy) !== policies && !lenientPolicies.has(policies);
  if (asksLess || JSON.stringify(agent.sandboxPolicy) === JSON.stringify(turn.sandboxPolicy)) return asksLess;
  const [had, has] = [asObject(agent.sandboxPolicy), asObject(turn.sandboxPolicy)];
  const isNarrower = sandboxTypes.indexOf(asText(had["type"]) ?? "") < sandboxTypes.indexOf(asText(has["type"]) ?? "");
  const hasOwnNetwork = had["networkAccess"] === true && has["networkAccess"] === false;
  return !isNarrower || hasOwnNetwork || !sandboxTypes.includes(asText(had["type"]) ?? "");
}

/** The approval policies under which codex asks about no command that runs inside the sandbox. */
const lenientPolicies = new Set(['"never"', '"on-request"']);
const sandboxTypes = ["readOnly", "workspaceWrite", "dangerFullAccess"];

function textOr<T extends string | null>(value: JsonValue | undefined, otherwise: T): string | T {
  return typeof value === "string" ? value : otherwise;
}
