import type { ToolCallContext } from "../../../src/tools/call/tool-call.js";
import type { toolMethod as ToolMethod } from "../../../src/tools/tool-method.js";

/** Classes with the decorator. vitest cannot compile them, so the test compiles this file with tsc and esbuild. */
export function createClasses(toolMethod: typeof ToolMethod) {
  class Counter {
    #count = 0;

    @toolMethod({
      description: "Counts up.",
      parameters: { type: "object", properties: { by: { type: "number" } } },
    })
    count({ by = 1 }: { by?: number }): string {
      this.#count += by;
      return String(this.#count);
    }

    @toolMethod({ name: "who", namespace: "crm", description: "Who asks." })
    whoAsks(_: object, call: ToolCallContext<{ user: string }>): string {
      return call.context.user;
    }

    notATool(): string {
      return "no";
    }
  }

  class Loud extends Counter {
    override count(): string {
      return "LOUD";
    }

    @toolMethod({ description: "Again." })
    again(): string {
      return "again";
    }
  }

  class Other extends Counter {
    @toolMethod({ description: "Counts otherwise." })
    override count(): string {
      return "other";
    }
  }

  class Plain {
    count(): string {
      return "no tool";
    }
  }

  return { Counter, Loud, Other, Plain, defineReserved, defineStatic };

  function defineReserved(): unknown {
    return class {
      @toolMethod({ description: "X." })
      exec(): string {
        return "x";
      }
    };
  }

  function defineStatic(): unknown {
    return class {
      readonly own = 1;
      @toolMethod({ description: "X." })
      static run(): string {
        return "x";
      }
    };
  }
}
