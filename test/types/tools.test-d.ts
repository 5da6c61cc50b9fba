import { type } from "arktype";
import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import { type AnyTool, type Tool, tool } from "../../src/tools/tool.js";
import type { ToolCallContext } from "../../src/tools/call/tool-call.js";
import { toolMethod } from "../../src/tools/tool-method.js";
import type { ArgumentsOf } from "../../src/tools/schema/tool-parameters.js";

const base = { name: "a", description: "A." } as const;
interface App {
  readonly db: string;
}

test("[A2.1] the arguments have the schema's output type: zod, arktype, a pair", () => {
  const at = z.object({ at: z.string().transform((text) => text.length), n: z.number().default(1) });
  tool({
    ...base,
    parameters: at,
    execute: (args) => void expectTypeOf(args).toEqualTypeOf<{ at: number; n: number }>(),
  });
  const ark = type({ x: "number", "y?": "string" });
  tool({
    ...base,
    parameters: ark,
    execute: (args) => void expectTypeOf(args).toEqualTypeOf<{ x: number; y?: string }>(),
  });
  const pair = { schema: at, jsonSchema: { type: "object" } };
  tool({
    ...base,
    parameters: pair,
    execute: (args) => void expectTypeOf(args).toEqualTypeOf<{ at: number; n: number }>(),
  });
});

test("[A2.1] the arguments have the type of a literal JSON Schema", () => {
  tool({
    ...base,
    parameters: {
      type: "object",
      properties: {
        id: { type: "integer" },
        name: { type: "string", description: "Its name." },
        kind: { enum: ["a", "b", null] },
        only: { const: 5 },
        tags: { type: "array", items: { type: "string" } },
        at: { type: "object", properties: { x: { type: "number" } }, required: ["x"], additionalProperties: false },
        maybe: { type: ["string", "null"] },
        either: { anyOf: [{ type: "boolean" }, { type: "number" }] },
        one: { oneOf: [{ type: "string" }, { type: "null" }] },
        map: { type: "object", additionalProperties: { type: "number" } },
        any: {},
        list: { type: "array" },
      },
      required: ["id", "kind", "at"],
    },
    execute: (args) => {
      expectTypeOf(args).toEqualTypeOf<{
        id: number;
        kind: "a" | "b" | null;
        at: { x: number };
        name?: string;
        only?: 5;
        tags?: string[];
        maybe?: string | null;
        either?: boolean | number;
        one?: string | null;
        map?: Record<string, number>;
        any?: unknown;
        list?: unknown[];
      }>();
      return "x";
    },
  });
});

test("[A2.1] the arguments of any other JSON Schema are unknown, and none without one", () => {
  const loose: Record<string, unknown> = {};
  tool({ ...base, parameters: loose, execute: (args) => void expectTypeOf(args).toEqualTypeOf<unknown>() });
  expectTypeOf<ArgumentsOf<{ $ref: "#/x" }>>().toEqualTypeOf<unknown>();
  tool({ ...base, execute: (args) => void expectTypeOf(args).toEqualTypeOf<Record<string, never>>() });
});

test("[A2.1] the context has the annotated type of the second parameter", () => {
  const own = tool({
    ...base,
    parameters: z.object({ x: z.number() }),
    execute: ({ x }, call: ToolCallContext<App>) => {
      expectTypeOf(x).toEqualTypeOf<number>();
      expectTypeOf(call.signal).toEqualTypeOf<AbortSignal>();
      return call.context.db;
    },
  });
  expectTypeOf(own).toEqualTypeOf<Tool<App>>();
  const plain = tool({ ...base, execute: (_, call) => String(call.context satisfies unknown) });
  expectTypeOf(plain).toEqualTypeOf<Tool>();
  expectTypeOf<readonly [typeof own, typeof plain]>().toExtend<readonly AnyTool[]>();
  plain satisfies Tool<App>;
  // @ts-expect-error -- a tool that needs a context does not fit one without
  own satisfies Tool;
});

test("[A2.1] guardrails, approvals and errors see the same types", () => {
  tool({
    ...base,
    parameters: z.object({ x: z.number() }),
    execute: ({ x }) => x,
    needsApproval: (args) => {
      expectTypeOf(args).toEqualTypeOf<{ x: number }>();
      return args.x > 1;
    },
    inputGuardrails: [
      (call) => {
        expectTypeOf(call.arguments).toEqualTypeOf<{ x: number }>();
        return { behavior: "allow" };
      },
    ],
    outputGuardrails: [
      { name: "o", check: ({ arguments: args }) => (args.x > 1 ? { behavior: "throw" } : { behavior: "allow" }) },
    ],
  });
});

test("[A2.1] a method's parameter must fit the schema of its decorator", () => {
  class Tools {
    @toolMethod({ description: "D.", parameters: z.object({ x: z.number() }) })
    fits({ x }: { x: number }, call: ToolCallContext<App>): string {
      return `${call.context.db} ${x}`;
    }
    // @ts-expect-error -- the schema's output is no string
    @toolMethod({ description: "D.", parameters: z.object({ x: z.number() }) })
    fitsNot({ x }: { x: string }): string {
      return x;
    }
    @toolMethod({ description: "D." })
    async takesNothing(): Promise<number> {
      return 1;
    }
    // @ts-expect-error -- a date is no result
    @toolMethod({ description: "D." })
    givesNoResult(): symbol {
      return Symbol();
    }
  }
  expectTypeOf<Tools>().toHaveProperty("fits");
});

test("[A2.1] a value that is no schema or no result does not compile", () => {
  // @ts-expect-error -- a number is no schema
  tool({ ...base, parameters: 5, execute: () => "x" });
  // @ts-expect-error -- a function is no result
  tool({ ...base, execute: () => () => 1 });
});
