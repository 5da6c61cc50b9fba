import { isList, type JsonValue } from "../../internal/json.js";
import { valueAt } from "../config/flatten-config.js";
import { protectedProfile, toPermissionProfile } from "../config/permission-profile.js";
import { isProtectedPathList } from "./option-checks.js";
import type { OptionRow } from "./option-wires.js";
import type { ProtectedPath } from "./options.js";

/** The row of `protectedPaths`. It replaces the sandbox of the rows above it by a permission profile. */
export const protectedPathsRow: OptionRow<readonly ProtectedPath[]> = {
  summary: "Files and folders that commands neither read nor change",
  values: 'list of paths, or `{ path, access: "read" }`',
  levels: ["thread"],
  check: isProtectedPathList,
  appServerThread: {
    as: "`permissions` and `config.permissions`",
    put: (value, { params, config }) => {
      if (value.length === 0) return;
      const network = valueAt(config, "sandbox_workspace_write.network_access");
      const roots = valueAt(config, "sandbox_workspace_write.writable_roots");
      const profile = toPermissionProfile(value, {
        mode: params["sandbox"] === "workspace-write" ? "workspace-write" : "read-only",
        networkAccess: network === true,
        writableRoots: readTexts(roots),
      });
      delete params["sandbox"];
      params["permissions"] = protectedProfile;
      config["permissions"] = { [protectedProfile]: profile };
    },
  },
  appServerTurn: "not offered",
  exec: {
    as: "`--config default_permissions` and `permissions`",
    put: (value, { flags, managed }) => {
      if (value.length === 0) return;
      const profile = toPermissionProfile(value, {
        mode: flags.includes("--sandbox=workspace-write") ? "workspace-write" : "read-only",
        networkAccess: managed["sandbox_workspace_write.network_access"] === true,
        writableRoots: takeFlags(flags, "--add-dir="),
      });
      takeFlags(flags, "--sandbox=");
      managed["default_permissions"] = protectedProfile;
      for (const [name, part] of Object.entries(profile))
        managed[`permissions.${protectedProfile}.${name}`] = part ?? null;
    },
  },
  onResume: "always",
};

function readTexts(value: JsonValue | undefined): readonly string[] {
  return isList(value) ? value.filter((entry) => typeof entry === "string") : [];
}

/** Removes the flags with this beginning, and returns their values. */
function takeFlags(flags: string[], beginning: string): readonly string[] {
  const taken = flags.filter((flag) => flag.startsWith(beginning));
  flags.splice(0, flags.length, ...flags.filter((flag) => !flag.startsWith(beginning)));
  return taken.map((flag) => flag.slice(beginning.length));
}
