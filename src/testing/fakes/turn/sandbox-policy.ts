import { asList, asObject, type JsonValue } from "../../../internal/json.js";
import type { SandboxPolicy } from "../../../protocol/generated/types.js";

/** Returns the policy of a sandbox mode. Returns undefined for any other value. */
export function toSandboxPolicy(mode: JsonValue | undefined): SandboxPolicy | undefined {
  if (mode === "read-only") return { type: "readOnly", networkAccess: false };
  if (mode === "danger-full-access") return { type: "dangerFullAccess" };
  return mode === "workspace-write" ? workspaceWrite([], false) : undefined;
}

/** Returns a policy of the protocol. Returns undefined for any other value. */
export function readSandboxPolicy(value: JsonValue | undefined): SandboxPolicy | undefined {
  const { type, networkAccess, writableRoots } = asObject(value);
  if (type === "readOnly") return { type, networkAccess: networkAccess === true };
  if (type === "dangerFullAccess") return { type };
  return type === "workspaceWrite"
    ? workspaceWrite(asList(writableRoots).map(String), networkAccess === true)
    : undefined;
}

function workspaceWrite(writableRoots: readonly string[], networkAccess: boolean): SandboxPolicy {
  return { type: "workspaceWrite", writableRoots, networkAccess, excludeTmpdirEnvVar: false, excludeSlashTmp: false };
}
