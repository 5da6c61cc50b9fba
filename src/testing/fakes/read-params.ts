import { isJsonObject, type JsonObject, type JsonValue } from "../../internal/json.js";
import type { AskForApproval, SandboxPolicy, UserInput } from "../../protocol/generated/types.js";
import type { FakeSettings } from "./turn/fake-thread.js";

/** The settings after a request with these params, whose names are those of `thread/start` and `turn/start`. */
export function readSettings(params: JsonObject, before: FakeSettings): FakeSettings {
  return {
    cwd: readText(params["cwd"]) ?? before.cwd,
    model: readText(params["model"]) ?? before.model,
    modelProvider: readText(params["modelProvider"]) ?? before.modelProvider,
    effort: readText(params["effort"]) ?? before.effort,
    approvalPolicy: readApprovalPolicy(params["approvalPolicy"]) ?? before.approvalPolicy,
    sandbox: readSandboxMode(params["sandbox"]) ?? readSandboxPolicy(params["sandboxPolicy"]) ?? before.sandbox,
  };
}

/** The names of the dynamic tools in the params of `thread/start`, as `name` or `namespace/name`. */
export function readToolNames(params: JsonObject): ReadonlySet<string> {
  const names = readObjects(params["dynamicTools"]).flatMap((tool) => {
    const name = readText(tool["name"]) ?? "";
    if (tool["type"] !== "namespace") return [name];
    return readObjects(tool["tools"]).map((inner) => `${name}/${readText(inner["name"]) ?? ""}`);
  });
  return new Set(names);
}

/** The input of a turn, its unknown parts left out. */
export function readInput(value: JsonValue | undefined): UserInput[] {
  return readObjects(value).flatMap((part): UserInput[] => {
    const [name, path, url] = [readText(part["name"]) ?? "", readText(part["path"]) ?? "", readText(part["url"]) ?? ""];
    if (part["type"] === "text") return [{ type: "text", text: readText(part["text"]) ?? "", text_elements: [] }];
    if (part["type"] === "image") return [{ type: "image", url }];
    if (part["type"] === "localImage") return [{ type: "localImage", path }];
    if (part["type"] === "skill") return [{ type: "skill", name, path }];
    return part["type"] === "mention" ? [{ type: "mention", name, path }] : [];
  });
}

export function readText(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The sandbox that a mode stands for. */
export function readSandboxMode(value: JsonValue | undefined): SandboxPolicy | undefined {
  if (value === "read-only") return { type: "readOnly", networkAccess: false };
  if (value === "danger-full-access") return { type: "dangerFullAccess" };
  return value === "workspace-write" ? workspaceWrite([], false) : undefined;
}

export function readObjects(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function readSandboxPolicy(value: JsonValue | undefined): SandboxPolicy | undefined {
  if (!isJsonObject(value)) return undefined;
  const networkAccess = value["networkAccess"] === true;
  if (value["type"] === "readOnly") return { type: "readOnly", networkAccess };
  if (value["type"] === "dangerFullAccess") return { type: "dangerFullAccess" };
  const roots = Array.isArray(value["writableRoots"]) ? value["writableRoots"].map(String) : [];
  return value["type"] === "workspaceWrite" ? workspaceWrite(roots, networkAccess) : undefined;
}

function workspaceWrite(writableRoots: readonly string[], networkAccess: boolean): SandboxPolicy {
  return { type: "workspaceWrite", writableRoots, networkAccess, excludeTmpdirEnvVar: false, excludeSlashTmp: false };
}

function readApprovalPolicy(value: JsonValue | undefined): AskForApproval | undefined {
  return value === "never" || value === "on-request" || value === "untrusted" ? value : undefined;
}
