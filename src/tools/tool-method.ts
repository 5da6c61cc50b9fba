import { OptionError } from "../errors/option-error.js";
import { type AnyTool, tool } from "./tool.js";
import type { ToolCallContext } from "./call/tool-call.js";
import type { ToolOptions, ToolSettings } from "./tool-options.js";
import type { ToolResult } from "./call/tool-output.js";
import type { ArgumentsOf, NoParameters, ToolParameters } from "./schema/tool-parameters.js";

/** The options of `@toolMethod`: those of `tool()` without `execute`, because the method is `execute`. */
export interface ToolMethodOptions<P extends ToolParameters = NoParameters, C = unknown> extends ToolSettings<P, C> {
  /** Default: the method's name. */
  readonly name?: string | undefined;
}

/**
 * Declares a method as a tool. {@link toolsOf} returns the tools of an instance. It is a standard decorator and needs
 * TypeScript 5 or newer without `experimentalDecorators`. The method's parameter must match `parameters`. The counterpart of
 * Python's `@function_tool`. Throws an `OptionError` when the class is defined if the tool is invalid.
 *
 * @example
 * ```ts
 * import { Codex, toolMethod, toolsOf } from "codexkit";
 *
 * class Notes {
 *   #lines: string[] = [];
 *
 *   @toolMethod({
 *     description: "Writes a note down.",
 *     parameters: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
 *   })
 *   add({ text }: { text: string }): string {
 *     return `That is note ${this.#lines.push(text)}.`;
 *   }
 * }
 *
 * await using codex = new Codex({ tools: toolsOf(new Notes()) });
 * ```
 */
export function toolMethod<const P extends ToolParameters = NoParameters, C = unknown>(
  options: ToolMethodOptions<P, C>,
): <This extends object>(
  method: (this: This, args: ArgumentsOf<P>, call: ToolCallContext<C>) => ToolResult | Promise<ToolResult>,
  context: ClassMethodDecoratorContext<This>,
) => void {
  return (method, context) => {
    const { name } = context;
    if (context.static || typeof name !== "string" || context.private) {
      const message = `@toolMethod needs a public instance method with a string name; \`${String(name)}\` is not one.`;
      throw new OptionError("INVALID_TOOL", "toolMethod", message);
    }
    const own = { ...options, name: options.name ?? name };
    // Invalid options throw when the class is defined, before the first instance exists.
    tool<P, C>({ ...own, execute: () => undefined });
    context.addInitializer(function () {
      const made = tools.get(this) ?? new Map<string, AnyTool>();
      tools.set(this, made);
      const execute: ToolOptions<P, C>["execute"] = (args, call) => methodOf(this, name, method).call(this, args, call);
      made.set(name, tool<P, C>({ ...own, execute }));
    });
  };
}

/** Returns the instance's current method: a subclass may override it. */
function methodOf<M extends (...parameters: never[]) => unknown>(instance: object, name: string, method: M): M {
  const current: unknown = Reflect.get(instance, name);
  return isMethod(current, method) ? current : method;
}

function isMethod<M>(value: unknown, _like: M): value is M {
  return typeof value === "function";
}

/** The tools of each instance, by the names of their methods. */
const tools = new WeakMap<object, Map<string, AnyTool>>();

/**
 * Returns the tools of the instance's `@toolMethod` methods, inherited ones included. They are bound to the instance, and
 * every call returns the same ones. Throws an `OptionError` (`INVALID_TOOL`) if there are none.
 */
export function toolsOf(instance: object): readonly AnyTool[] {
  const made = tools.get(instance);
  if (made !== undefined) return [...made.values()];
  const constructor: unknown = Reflect.get(instance, "constructor");
  const name = typeof constructor === "function" ? `\`${constructor.name}\`` : "An object without a class";
  const message = `${name} has no method with @toolMethod, or this is not an instance of it.`;
  throw new OptionError("INVALID_TOOL", "toolsOf", message);
}
