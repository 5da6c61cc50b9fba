import { describe, expect, test } from "vitest";
import { keepReachable } from "../../../scripts/build/prune-declarations.js";
import { stripInternal } from "../../../scripts/build/strip-internal.js";

describe("internal members of a declaration file", () => {
  test("are removed with their comments, and others stay", () => {
    const text = `export declare class Turn {
    #private;
    /** @internal Turns are made by a thread. */
    constructor(engine: Engine);
    /** The id. */
    get id(): string;
    /** @internal */
    get ended(): Promise<Outcome>;
    /** @internal */
    close(): void;
}
export interface Options {
    /** @internal */
    bound?: number;
    size: number;
}
`;
    expect(stripInternal("turn.d.ts", text)).toBe(`export declare class Turn {
    #private;
    private constructor();
    /** The id. */
    get id(): string;
}
export interface Options {
    size: number;
}
`);
  });
});

describe("the declarations that an entry point reaches", () => {
  const keep = (files: Record<string, string>) =>
    Object.fromEntries(
      keepReachable(new Map(Object.entries(files).map(([path, text]) => [`/dist/${path}`, text])), [
        "/dist/index.d.ts",
      ]),
    );

  test("are kept, others and their imports are removed", () => {
    const kept = keep({
      "index.d.ts": `export { type Turn } from "./turn.js";\n`,
      "turn.d.ts": `import type { A, B } from "./parts.js";\nimport type { C } from "./c.js";\nexport interface Turn {\n    A: B;\n}\nexport type Unused = A & C;\n`,
      "parts.d.ts": `export type A = 1;\nexport type B = Inner;\ntype Inner = 2;\nexport {};\n`,
      "c.d.ts": `export type C = 3;\n`,
    });
    expect(kept).toEqual({
      "/dist/index.d.ts": `export { type Turn } from "./turn.js";\n`,
      "/dist/turn.d.ts": `import type { B } from "./parts.js";\nexport interface Turn {\n    A: B;\n}\n`,
      "/dist/parts.d.ts": `export type B = Inner;\ntype Inner = 2;\nexport {};\n`,
    });
  });

  test("are found through `export *`, `import()` types and default values", () => {
    const kept = keep({
      "index.d.ts": `export type T = import("./all.js").Foreign<typeof value>;\ndeclare const value: 1;\nexport {};\n`,
      "all.d.ts": `export * from "./one.js";\nexport * from "./two.js";\n`,
      "one.d.ts": `export type Foreign<A> = A;\n`,
      "two.d.ts": `export type Other = 1;\n`,
    });
    expect(Object.keys(kept)).toEqual(["/dist/index.d.ts", "/dist/all.d.ts", "/dist/one.d.ts"]);
    expect(kept["/dist/all.d.ts"]).toBe(`export * from "./one.js";\n`);
  });

  test("an internal member reaches nothing", () => {
    const kept = keep({
      "index.d.ts": `import type { Engine } from "./engine.js";\nexport declare class Turn {\n    /** @internal */\n    constructor(engine: Engine);\n}\n`,
      "engine.d.ts": `export type Engine = 1;\n`,
    });
    expect(kept).toEqual({ "/dist/index.d.ts": `export declare class Turn {\n    private constructor();\n}\n` });
  });

  test("a file that is missing is an error", () => {
    expect(() => keep({ "index.d.ts": `export { a } from "./a.js";\n` })).toThrow("/dist/a.d.ts");
  });
});
