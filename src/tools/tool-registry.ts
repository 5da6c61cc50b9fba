import { isList } from "../internal/json.js";
import type { ToolOutcome } from "../protocol/index.js";
import { duplicateOf, toolKey } from "./tool-key.js";
import { qualifiedNameOf } from "./stored-tools.js";
import { type AnyTool, partsOf } from "./tool.js";
import type { ToolDefinition } from "./tool-definition.js";
import { addCall, noMetrics, type ToolMetrics } from "./tool-metrics.js";

/** The definition and settings of a tool. Plain data. */
export interface ToolMetadata extends ToolDefinition {
  readonly isEnabled: boolean;
  readonly timeoutMs: number | null;
  readonly needsApproval: boolean | "sometimes";
}

/**
 * A set of tools that can change and that counts calls. It is the `tools` option of a client or a thread; several may share
 * one registry. codex fixes a thread's tools when the thread starts, so a change applies to new and resumed threads.
 *
 * @example
 * ```ts
 * import { Codex, tool, ToolRegistry } from "codexkit";
 *
 * const registry = new ToolRegistry([tool({ name: "today", description: "Today's date.", execute: () => new Date().toISOString() })]);
 * await using codex = new Codex({ tools: registry });
 * await codex.startThread().run("Which day is it?");
 * console.log(registry.metrics("today")?.calls, registry.metrics("today")?.latency.meanMs);
 * registry.deregister("today");
 * ```
 */
export class ToolRegistry implements Iterable<AnyTool> {
  readonly #entries = new Map<string, { readonly tool: AnyTool; metrics: ToolMetrics }>();
  #version = 0;

  /** Throws the same errors as {@link ToolRegistry.register}. */
  constructor(tools: readonly AnyTool[] = []) {
    if (tools.length > 0) this.register(tools);
  }

  /** The number of changes so far. */
  get version(): number {
    return this.#version;
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * Adds one tool or several; all or none. Throws an `OptionError` (`DUPLICATE_TOOL`) if a name is taken, or is the same to
   * codex as one that is taken (`a-b` and `a_b`, or `a__b` and `b` in the namespace `a`).
   */
  register(tools: AnyTool | readonly AnyTool[]): this {
    const list: readonly AnyTool[] = isList(tools) ? tools : [tools];
    const added = new Map<string, AnyTool>();
    for (const tool of list) {
      partsOf(tool);
      const key = toolKey(tool);
      const taken = this.#entries.get(key)?.tool ?? added.get(key);
      if (taken !== undefined) throw duplicateOf(tool, taken);
      added.set(key, tool);
    }
    for (const [key, tool] of added) this.#entries.set(key, { tool, metrics: noMetrics });
    if (added.size > 0) this.#version += 1;
    return this;
  }

  /** Removes a tool and its metrics. Returns false if there is no tool with that name. A running call continues. */
  deregister(name: string, namespace: string | null = null): boolean {
    if (this.lookup(name, namespace) === null) return false;
    this.#entries.delete(toolKey({ name, namespace }));
    this.#version += 1;
    return true;
  }

  lookup(name: string, namespace: string | null = null): AnyTool | null {
    const found = this.#entries.get(toolKey({ name, namespace }))?.tool;
    return found?.name === name && found.namespace === namespace ? found : null;
  }

  has(name: string, namespace: string | null = null): boolean {
    return this.lookup(name, namespace) !== null;
  }

  /** Returns the tools in the order of their registration. */
  list(): readonly AnyTool[] {
    return [...this.#entries.values()].map(({ tool }) => tool);
  }

  [Symbol.iterator](): Iterator<AnyTool> {
    return this.list()[Symbol.iterator]();
  }

  /** Returns the definition and settings of each tool. `inputSchema` is the schema that codex receives. */
  metadata(): readonly ToolMetadata[] {
    return this.list().map(({ name, namespace, description, inputSchema, isEnabled, timeoutMs, needsApproval }) => {
      return { name, namespace, description, inputSchema, isEnabled, timeoutMs, needsApproval };
    });
  }

  /** Returns the metrics of all tools by `name` or `namespace.name`; or those of one tool, `null` if there is none with that name. */
  metrics(): Readonly<Record<string, ToolMetrics>>;
  metrics(name: string, namespace?: string | null): ToolMetrics | null;
  metrics(name?: string, namespace: string | null = null): ToolMetrics | null | Readonly<Record<string, ToolMetrics>> {
    if (name !== undefined) {
      return this.has(name, namespace) ? (this.#entries.get(toolKey({ name, namespace }))?.metrics ?? null) : null;
    }
    const entries = [...this.#entries.values()];
    return Object.fromEntries(entries.map(({ tool, metrics }) => [qualifiedNameOf(tool), metrics]));
  }

  /** @internal Counts a call. It ignores tools that are not, or no longer, in this registry. */
  record(tool: AnyTool, outcome: ToolOutcome, ms: number): void {
    const entry = this.#entries.get(toolKey(tool));
    if (entry?.tool === tool) entry.metrics = addCall(entry.metrics, outcome, ms);
  }
}
