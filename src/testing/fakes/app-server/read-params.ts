import { asObjects, asText, type JsonObject, type JsonValue } from "../../../internal/json.js";
import type { AskForApproval, UserInput } from "../../../protocol/generated/types.js";
import type { FakeSettings } from "../turn/fake-thread.js";
import { toSandboxPolicy, readSandboxPolicy } from "../turn/sandbox-policy.js";

/** Returns the settings after `thread/start`, `thread/resume`, `thread/fork` or `turn/start` with these params. */
export function readSettings(params: JsonObject, before: FakeSettings): FakeSettings {
  return {
    cwd: asText(params["cwd"]) ?? before.cwd,
    model: asText(params["model"]) ?? before.model,
    modelProvider: asText(params["modelProvider"]) ?? before.modelProvider,
    effort: asText(params["effort"]) ?? before.effort,
    approvalPolicy: readApprovalPolicy(params["approvalPolicy"]) ?? before.approvalPolicy,
    sandbox: toSandboxPolicy(params["sandbox"]) ?? readSandboxPolicy(params["sandboxPolicy"]) ?? before.sandbox,
  };
}

/** Returns the names of the dynamic tools in the params of `thread/start`, as `name` or `namespace/name`. */
export function readToolNames(params: JsonObject): ReadonlySet<string> {
  const names = asObjects(params["dynamicTools"]).flatMap((tool) => {
    const name = asText(tool["name"]) ?? "";
    if (tool["type"] !== "namespace") return [name];
    return asObjects(tool["tools"]).map((inner) => `${name}/${asText(inner["name"]) ?? ""}`);
  });
  return new Set(names);
}

/** Returns the input of a turn, without parts of an unknown type. */
export function readInput(value: JsonValue | undefined): UserInput[] {
  return asObjects(value).flatMap((part): UserInput[] => {
    const [name, path, url] = [asText(part["name"]) ?? "", asText(part["path"]) ?? "", asText(part["url"]) ?? ""];
    if (part["type"] === "text") return [{ type: "text", text: asText(part["text"]) ?? "", text_elements: [] }];
    if (part["type"] === "image") return [{ type: "image", url }];
    if (part["type"] === "localImage") return [{ type: "localImage", path }];
    if (part["type"] === "skill") return [{ type: "skill", name, path }];
    return part["type"] === "mention" ? [{ type: "mention", name, path }] : [];
  });
}

function readApprovalPolicy(value: JsonValue | undefined): AskForApproval | undefined {
  return value === "never" || value === "on-request" || value === "untrusted" ? value : undefined;
}
