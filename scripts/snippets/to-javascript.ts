import { readFile, writeFile } from "node:fs/promises";
import { transform } from "esbuild";

/**
 * Returns the path of the program as JavaScript. A TypeScript program gets an `.mjs` file beside it: Node runs that at once,
 * while tsx takes half a second to start. Stack traces name the line of the TypeScript file.
 */
export async function toJavaScript(path: string): Promise<string> {
  if (!path.endsWith(".ts")) return path;
  const { code } = await transform(await readFile(path, "utf8"), {
    loader: "ts",
    format: "esm",
    platform: "node",
    target: "node20.19",
    sourcefile: path,
    sourcemap: "inline",
  });
  const built = path.replace(/\.ts$/, ".mjs");
  await writeFile(built, code);
  return built;
}
