import { OptionError } from "../errors/option-error.js";
import { type ArgumentParser, createArgumentParser } from "./schema/argument-parser.js";
import { checkToolName } from "./check-tool-name.js";
import { checkToolOptions } from "./check-tool-options.js";
import type { ToolCallContext } from "./call/tool-call.js";
import type { ToolDefinition } from "./tool-definition.js";
import type { ToolInput } from "./call/tool-guardrail.js";
import type { ToolOptions } from "./tool-options.js";
import type { NoParameters, ToolParameters } from "./schema/tool-parameters.js";

/**
 * A host tool: a function of your program that the model can call. Created by {@link tool}. It is frozen, so one tool can
 * serve any number of threads and clients. `C` is the type of the `context` that it needs.
 */
export interface Tool<in C = unknown> extends ToolDefinition {
  /** False if the tool was created with `isEnabled: false`. */
  readonly isEnabled: boolean;
  /** The time limit of a call in milliseconds, or `null` for no limit. */
  readonly timeoutMs: number | null;
  /** Whether a call needs an approval; `sometimes` if a function decides. */
  readonly needsApproval: boolean | "sometimes";
  /** Always absent: it carries the type of the context. */
  readonly needsContext?: ((context: C) => void) | undefined;
}

/** A tool with any type of context, for lists of tools. */
export type AnyTool = Tool<never>;

/**
 * Creates a tool from a function. The types of its arguments come from `parameters`; the type of its context comes from an
 * annotation of the second parameter: `(args, call: ToolCallContext<App>) => ...`. Mirrors the app-server's `dynamicTools`.
 *
 * Throws an `OptionError`: `INVALID_TOOL` for an invalid option, and for a name that codex refuses or uses itself;
 * `INVALID_SCHEMA` for parameters that codex would not accept.
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
  const parser = createArgumentParser(options.parameters ?? noParameters, `parameters of the tool ${name}`);
  const made: Tool<C> = Object.freeze({
    name,
    namespace,
    description,
    inputSchema: parser.jsonSchema,
    isEnabled: isEnabled !== false,
    timeoutMs,
    needsApproval: typeof needsApproval === "function" ? "sometimes" : needsApproval === true,
  });
  partsByTool.set(made, { parser, callbacks: options });
  return made;
}

/** The functions of a tool. Only `callTool` uses them. */
export interface ToolParts {
  readonly parser: ArgumentParser;
  readonly callbacks: ToolCallbacks;
}

/** The functions of a tool of any type. The parser checks the arguments; the caller's types check the context. */
interface ToolCallbacks {
  execute(args: unknown, call: ToolCallContext): unknown;
  readonly isEnabled?: boolean | Callback<[call: ToolCallContext]> | undefined;
  readonly needsApproval?: boolean | Callback<[args: unknown, call: ToolCallContext]> | undefined;
  readonly onError?: Callback<[error: unknown, call: ToolCallContext]> | undefined;
  readonly inputGuardrails?: readonly GuardrailCallback<ToolInput>[] | undefined;
  readonly outputGuardrails?: readonly GuardrailCallback<ToolInput & { readonly output: unknown }>[] | undefined;
}

export type GuardrailCallback<Call> =
  Callback<[call: Call]> | { readonly name: string; readonly check: Callback<[call: Call]> };

/** A function type with the bivariant parameters of a method. */
type Callback<Parameters extends readonly unknown[]> = { of(...parameters: Parameters): unknown }["of"];

/** Returns true for a value that `tool()` created. */
export function isTool(value: unknown): value is AnyTool {
  return typeof value === "object" && value !== null && partsByTool.has(value);
}

/** Returns the functions of a tool. Throws an `OptionError` (`INVALID_TOOL`) for a value that `tool()` did not create. */
export function partsOf(made: AnyTool): ToolParts {
  const parts = partsByTool.get(made);
  if (parts !== undefined) return parts;
  throw new OptionError(
    "INVALID_TOOL",
    "tools",
    "A tool must be created by `tool()` or `toolsOf()`; this one was not.",
  );
}

const partsByTool = new WeakMap<object, ToolParts>();

const defaultTimeoutMs = 300_000;

const noParameters = { type: "object", properties: {} };
