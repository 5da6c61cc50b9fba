import type { JsonObject, JsonValue } from "../../internal/json.js";
import { withoutUndefined } from "../../internal/without-undefined.js";
import { flattenConfig, layConfig } from "../config/flatten-config.js";
import { splitOverrides } from "../config/private-config.js";
import type { SharedOptions, ThreadOptions, TransportOptions } from "../options/options.js";
import type { AppServerDraft } from "../options/option-wires.js";
import { promptForTools } from "../config/prompt-for-tools.js";
import { markerConfig } from "../launch/run-marker.js";
import { optionRows } from "../options/options-table.js";
import type { EnvironmentMarker } from "../../process/stop/process-entry.js";

/**
 * The params of `thread/start` and `thread/resume`, without the id. The thread's configuration replaces the client's. Codex
 * forgets both on resume and falls back to a read-only sandbox, so everything is sent again each time.
 */
export function toThreadParams(
  client: TransportOptions,
  options: ThreadOptions,
  { marker = null, asks = false, guarded = {} }: ThreadAdditions = {},
): JsonObject {
  const draft = createDraft(options);
  layConfig(draft.config, splitOverrides(client).secret);
  layConfig(draft.config, flattenConfig(client.config ?? {}));
  const withDefaults: ThreadOptions = {
    sandboxMode: "read-only",
    approvalPolicy: "never",
    trustProject: false,
    ...withoutUndefined(options),
  };
  putAll(withDefaults, "appServerThread", draft);
  if (asks && withDefaults.approvalPolicy !== "never") promptForTools(draft.config, client.configOverrides);
  layConfig(draft.config, guarded);
  if (marker !== null) layConfig(draft.config, markerConfig(marker, draft.config));
  return { ...draft.params, ...(Object.keys(draft.config).length === 0 ? {} : { config: draft.config }) };
}

interface ThreadAdditions {
  readonly marker?: EnvironmentMarker | null;
  /** The host program has an approval handler. */
  readonly asks?: boolean;
  /** The flat configuration of the guard. */
  readonly guarded?: Readonly<Record<string, JsonValue>>;
}

/** The wire form of a turn's options. */
export function toTurnDraft(options: SharedOptions): AppServerDraft {
  const draft = createDraft(options);
  if (Object.keys(options).length > 0) putAll(options, "appServerTurn", draft);
  return draft;
}

function createDraft({ workingDirectory = "." }: SharedOptions): AppServerDraft {
  return { folder: workingDirectory, params: {}, config: {}, sandbox: {} };
}

/** Applies the options in the order of the table, in which later rows win, not in the caller's order. */
function putAll(options: ThreadOptions, column: "appServerThread" | "appServerTurn", draft: AppServerDraft): void {
  const given = new Map<string, unknown>(Object.entries(options));
  for (const [name, { [column]: wire }] of Object.entries(optionRows)) {
    if (given.has(name) && typeof wire === "object") wire.put(given.get(name), draft);
  }
}
