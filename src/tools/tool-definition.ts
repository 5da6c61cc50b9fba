import type { JsonObject } from "../internal/json.js";

/** A tool as codex is told of it: data only. Mirrors the app-server's `DynamicToolSpec`. */
export interface ToolDefinition {
  readonly name: string;
  /** Null for a tool outside any namespace. */
  readonly namespace: string | null;
  readonly description: string;
  /** JSON Schema of the arguments; its top is an object. */
  readonly inputSchema: JsonObject;
}
