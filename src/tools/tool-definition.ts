import type { JsonObject } from "../internal/json.js";

/** The definition of a tool, as codex receives it. Plain data. Mirrors the app-server's `DynamicToolSpec`. */
export interface ToolDefinition {
  readonly name: string;
  /** `null` for a tool without a namespace. */
  readonly namespace: string | null;
  readonly description: string;
  /** The JSON Schema of the arguments. Its top-level type is `object`. */
  readonly inputSchema: JsonObject;
}
