import { readFile } from "node:fs/promises";
import { transform } from "esbuild";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { toolMethod, toolsOf } from "../../../src/tools/tool-method.js";
import { openHost, textOf } from "./call.js";
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
  test("[A2.1] is bound to its instance, with its private state", async () => {
    const { Counter } = await classesBy(compiler);
    const [one, two] = [new Counter(), new Counter()];
    const [first, second] = [openHost(toolsOf(one)), openHost(toolsOf(two))];
    await first.call("count", { by: 4 });
    expect(textOf(await first.call("count"))).toBe("5");
    expect(textOf(await second.call("count"))).toBe("1");
    expect(one.count({ by: 1 })).toBe("6");
  });

  test("[A2.1] is the tool that `tool()` would make", async () => {
    const counter = new (await classesBy(compiler)).Counter();
    const tools = toolsOf(counter);
    expect(tools.map(({ name, namespace }) => [name, namespace])).toEqual([
      ["count", null],
      ["who", "crm"],
    ]);
    expect(tools[0]?.inputSchema).toEqual({ type: "object", properties: { by: { type: "number" } } });
    expect(toolsOf(counter)[0]).toBe(tools[0]);
    expect(textOf(await openHost(tools).call("who", {}, "crm"))).toBe("ada");
  });

  test("[A2.1] is inherited, overridden with or without the decorator, and joined by others", async () => {
    const { Loud, Other } = await classesBy(compiler);
    const loud = openHost(toolsOf(new Loud()));
    expect(textOf(await loud.call("count"))).toBe("LOUD");
    expect(textOf(await loud.call("again"))).toBe("again");
    const tools = toolsOf(new Other());
    expect(tools.map(({ description }) => description)).toEqual(["Counts otherwise.", "Who asks."]);
    expect(textOf(await openHost(tools).call("count"))).toBe("other");
  });

  test("[A2.1] is missed where there is none", async () => {
    const { Plain } = await classesBy(compiler);
    expect(() => toolsOf(new Plain())).toThrow(expect.objectContaining({ code: "INVALID_TOOL" }));
    expect(() => toolsOf(new Plain())).toThrow(/`Plain` has no method with @toolMethod/);
    expect(() => toolsOf(Object.create(null) as object)).toThrow(expect.objectContaining({ code: "INVALID_TOOL" }));
  });

  test("[A2.0] that cannot be a tool is refused where its class is defined", async () => {
    const { defineReserved, defineStatic } = await classesBy(compiler);
    expect(defineReserved).toThrow(expect.objectContaining({ code: "INVALID_TOOL" }));
    expect(defineStatic).toThrow(/public methods of an instance/);
  });
});
