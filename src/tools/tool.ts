import { OptionError } from "../errors/option-error.js";
import { type ArgumentReader, createArgumentReader } from "./schema/argument-reader.js";
import { checkToolName } from "./check-tool-name.js";
import { checkToolOptions } from "./check-tool-options.js";
import type { ToolCallContext } from "./call/tool-call.js";
import type { ToolDefinition } from "./tool-definition.js";
import type { ToolInput } from "./call/tool-guardrail.js";
import type { ToolOptions } from "./tool-options.js";
import type { NoParameters, ToolParameters } from "./schema/tool-parameters.js";

/**
 * A function of the host that the model may call. Made by {@link tool}; frozen, so that one tool can serve any number of
 * threads and clients. `C` is the `context` that it needs of its caller.
 */
export interface Tool<in C = unknown> extends ToolDefinition {
  /** False where the tool was made with `isEnabled: false`. */
  readonly isEnabled: boolean;
  /** Milliseconds, or null for no bound. */
  readonly timeoutMs: number | null;
  /** Whether somebody is asked before it runs; `sometimes` where a function decides. */
  readonly needsApproval: boolean | "sometimes";
  /** Has no value: it carries the type of the context. */
  readonly needsContext?: ((context: C) => void) | undefined;
}

/** A tool of any context, as lists of tools hold them. */
export type AnyTool = Tool<never>;

/**
 * Makes a tool of a function. The types of its arguments come from `parameters`, that of its context from an annotation of
 * the second parameter: `(args, call: ToolCallContext<App>) => ...`. Mirrors the app-server's `dynamicTools`.
 *
 * Throws an `OptionError`: `INVALID_TOOL` for a name that codex refuses or has itself, `INVALID_SCHEMA` for parameters
 * that codex could not take.
 *
 * @example
 * ```ts
 * import { Codex, tool } from "codexkit";
 *
 * const add = tool({
 *   name: "add",
 *   description: "Adds two numbers.",
 *   parameters: {
 *     type: "object",
 *     properties: { x: { type: "number" }, y: { type: "number" } },
 *     required: ["x", "y"],
 *   },
 *   execute: ({ x, y }) => String(x + y),
 * });
 *
 * await using codex = new Codex();
 * const { finalResponse } = await codex.startThread({ tools: [add] }).run("What is 4 + 5?");
 * ```
 */
export function tool<const P extends ToolParameters = NoParameters, C = unknown>(options: ToolOptions<P, C>): Tool<C> {
  checkToolOptions(options);
  const { name, namespace = null, description, isEnabled, timeoutMs = defaultTimeoutMs, needsApproval } = options;
  checkToolName(name, namespace);
  const reader = createArgumentReader(options.parameters ?? noParameters, `parameters of the tool ${name}`);
  const made: Tool<C> = Object.freeze({
    name,
    namespace,
    description,
    inputSchema: reader.jsonSchema,
    isEnabled: isEnabled !== false,
    timeoutMs,
    needsApproval: typeof needsApproval === "function" ? "sometimes" : needsApproval === true,
  });
  partsByTool.set(made, { reader, callbacks: options });
  return made;
}

/** What a tool does, which only `callTool` sees. */
export interface ToolParts {
  readonly reader: ArgumentReader;
  readonly callbacks: ToolCallbacks;
}

/** The functions of a tool of any type; the arguments are checked by its reader, the context by the types of the caller. */
export interface ToolCallbacks {
  execute(args: unknown, call: ToolCallContext): unknown;
  readonly isEnabled?: boolean | Callback<[call: ToolCallContext]> | undefined;
  readonly needsApproval?: boolean | Callback<[args: unknown, call: ToolCallContext]> | undefined;
  readonly onError?: Callback<[error: unknown, call: ToolCallContext]> | undefined;
  readonly inputGuardrails?: readonly GuardrailCallback<ToolInput>[] | undefined;
  readonly outputGuardrails?: readonly GuardrailCallback<ToolInput & { readonly output: unknown }>[] | undefined;
}

export type GuardrailCallback<Call> =
  Callback<[call: Call]> | { readonly name: string; readonly check: Callback<[call: Call]> };

/** A function whose parameters are compared as those of a method are. */
type Callback<Parameters extends readonly unknown[]> = { of(...parameters: Parameters): unknown }["of"];

/** Throws an `OptionError` (`INVALID_TOOL`) for what `tool()` did not make. */
export function partsOf(made: AnyTool): ToolParts {
  const parts = partsByTool.get(made);
  if (parts !== undefined) return parts;
  throw new OptionError("INVALID_TOOL", "tools", "A tool must be made by `tool()` or `toolsOf()`; this one was not.");
}

const partsByTool = new WeakMap<object, ToolParts>();

const defaultTimeoutMs = 300_000;

const noParameters = { type: "object", properties: {} };
