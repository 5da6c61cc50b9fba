import { OptionError } from "../errors/option-error.js";
import { type AnyTool, tool } from "./tool.js";
import type { ToolCallContext } from "./call/tool-call.js";
import type { ToolOptions, ToolSettings } from "./tool-options.js";
import type { ToolResult } from "./call/tool-output.js";
import type { ArgumentsOf, NoParameters, ToolParameters } from "./schema/tool-parameters.js";

/** What `@toolMethod` takes: as `tool()`, without `execute`, which is the method. */
export interface ToolMethodOptions<P extends ToolParameters = NoParameters, C = unknown> extends ToolSettings<P, C> {
  /** Default: the method's name. */
  readonly name?: string | undefined;
}

/**
 * Makes a method a tool; {@link toolsOf} gives the tools of an instance. A standard decorator: TypeScript 5 or newer without
 * `experimentalDecorators`. The method's parameter must fit `parameters`. The counterpart of Python's `@function_tool`.
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
      const message = `@toolMethod is for public methods of an instance with a plain name, not for \`${String(name)}\`.`;
      throw new OptionError("INVALID_TOOL", "toolMethod", message);
    }
    const own = { ...options, name: options.name ?? name };
    // What is wrong with it is told where the class is defined, not where the first instance is made.
    tool<P, C>({ ...own, execute: () => undefined });
    context.addInitializer(function () {
      const made = tools.get(this) ?? new Map<string, AnyTool>();
      tools.set(this, made);
      const execute: ToolOptions<P, C>["execute"] = (args, call) => methodOf(this, name, method).call(this, args, call);
      made.set(name, tool<P, C>({ ...own, execute }));
    });
  };
}

/** The instance's method as it is now: a class that inherits it may have another one. */
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
 * The tools that the instance's `@toolMethod`s make, bound to it; inherited ones too. The same ones at each call. Throws an
 * `OptionError` (`INVALID_TOOL`) where there are none.
 */
export function toolsOf(instance: object): readonly AnyTool[] {
  const made = tools.get(instance);
  if (made !== undefined) return [...made.values()];
  const constructor: unknown = Reflect.get(instance, "constructor");
  const name = typeof constructor === "function" ? `\`${constructor.name}\`` : "An object without a class";
  const message = `${name} has no method with @toolMethod, or this is not an instance of it.`;
  throw new OptionError("INVALID_TOOL", "toolsOf", message);
}
