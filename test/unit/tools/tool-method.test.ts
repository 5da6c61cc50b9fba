import { readFile } from "node:fs/promises";
import { transform } from "esbuild";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { toolMethod, toolsOf } from "../../../src/tools/tool-method.js";
import { openTurn, textOf } from "./call.js";
import type { createClasses } from "./decorated-classes.js";

const source = await readFile(new URL("decorated-classes.ts", import.meta.url), "utf8");

async function classesBy(compiler: "tsc" | "esbuild"): Promise<ReturnType<typeof createClasses>> {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const code =
    compiler === "tsc"
      ? ts.transpileModule(source, { compilerOptions }).outputText
      : (await transform(source, { loader: "ts", target: "es2022" })).code;
  const url = `data:text/javascript,${encodeURIComponent(code)}`;
  const loaded = (await import(/* @vite-ignore */ url)) as { createClasses: typeof createClasses };
  return loaded.createClasses(toolMethod);
}

describe.each(["tsc", "esbuild"] as const)("a method that is a tool, compiled by %s,", (compiler) => {
  test("[A2.1] is bound to its instance and uses its private state", async () => {
    const { Counter } = await classesBy(compiler);
    const [one, two] = [new Counter(), new Counter()];
    const [first, second] = [openTurn(toolsOf(one)), openTurn(toolsOf(two))];
    await first.call("count", { by: 4 });
    expect(textOf(await first.call("count"))).toBe("5");
    expect(textOf(await second.call("count"))).toBe("1");
    expect(one.count({ by: 1 })).toBe("6");
  });

  test("[A2.1] is the same tool that `tool()` creates", async () => {
    const counter = new (await classesBy(compiler)).Counter();
    const tools = toolsOf(counter);
    expect(tools.map(({ name, namespace }) => [name, namespace])).toEqual([
      ["count", null],
      ["who", "crm"],
    ]);
    expect(tools[0]?.inputSchema).toEqual({ type: "object", properties: { by: { type: "number" } } });
    expect(toolsOf(counter)[0]).toBe(tools[0]);
    expect(textOf(await openTurn(tools).call("who", {}, "crm"))).toBe("ada");
  });

  test("[A2.1] is inherited, can be overridden with or without the decorator, and adds to the inherited ones", async () => {
    const { Loud, Other } = await classesBy(compiler);
    const loud = openTurn(toolsOf(new Loud()));
    expect(textOf(await loud.call("count"))).toBe("LOUD");
    expect(textOf(await loud.call("again"))).toBe("again");
    const tools = toolsOf(new Other());
    expect(tools.map(({ description }) => description)).toEqual(["Counts otherwise.", "Who asks."]);
    expect(textOf(await openTurn(tools).call("count"))).toBe("other");
  });

  test("[A2.1] is required: `toolsOf` throws for an instance without one", async () => {
    const { Plain } = await classesBy(compiler);
    expect(() => toolsOf(new Plain())).toThrow(expect.objectContaining({ code: "INVALID_TOOL" }));
    expect(() => toolsOf(new Plain())).toThrow(/`Plain` has no method with @toolMethod/);
    expect(() => toolsOf(Object.create(null) as object)).toThrow(expect.objectContaining({ code: "INVALID_TOOL" }));
  });

  test("[A2.0] that is not a valid tool throws when its class is defined", async () => {
    const { defineReserved, defineStatic } = await classesBy(compiler);
    expect(defineReserved).toThrow(expect.objectContaining({ code: "INVALID_TOOL" }));
    expect(defineStatic).toThrow(/public instance method/);
  });
});
