import type { JsonObject } from "../../internal/json.js";
import { flattenConfig } from "../flatten-config.js";
import type { SharedOptions, ThreadOptions, TransportOptions } from "../options.js";
import type { AppServerDraft } from "../option-wires.js";
import { optionRows } from "../options-table.js";

/**
 * The params of `thread/start` and `thread/resume`, but for the id. The client's configuration is under the thread's:
 * codex forgets both on resume, and falls back to a read-only sandbox, so everything goes out again each time.
 */
export function toThreadParams(client: TransportOptions, options: ThreadOptions): JsonObject {
  const draft = createDraft();
  Object.assign(draft.config, flattenConfig(client.config ?? {}));
  const withDefaults: ThreadOptions = { sandboxMode: "read-only", approvalPolicy: "never", ...defined(options) };
  for (const [name, value] of Object.entries(withDefaults)) put(name, "appServerThread", value, draft);
  return { ...draft.params, ...(Object.keys(draft.config).length === 0 ? {} : { config: draft.config }) };
}

/** What a turn's options become on the wire. */
export function toTurnDraft(options: SharedOptions): AppServerDraft {
  const draft = createDraft();
  for (const [name, value] of Object.entries(options)) put(name, "appServerTurn", value, draft);
  return draft;
}

function createDraft(): AppServerDraft {
  return { params: {}, config: {}, sandbox: {} };
}

function put(name: string, column: "appServerThread" | "appServerTurn", value: unknown, draft: AppServerDraft): void {
  const wire = optionRows[name]?.[column];
  if (typeof wire === "object") wire.put(value, draft);
}

function defined(options: ThreadOptions): ThreadOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
