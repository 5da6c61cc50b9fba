import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import webpack from "webpack";

/** A user's program and the folder for its bundle, which can be run and moved. */
export interface BundleRequest {
  readonly bundler: keyof typeof bundlers;
  readonly format: "esm" | "cjs";
  /** The user's project, from whose `node_modules` the imports come. */
  readonly project: string;
  /** The folder that receives the files. */
  readonly folder: string;
  /** The program, an ES module. */
  readonly text: string;
}

/** Bundles a program with all that it imports, by a user's defaults. Returns the path of the file to run. */
export async function makeBundle({ bundler, format, project, folder, text }: BundleRequest): Promise<string> {
  const source = join(project, `${bundler}-${format}.mjs`);
  await writeFile(source, text);
  await mkdir(folder, { recursive: true });
  const name = format === "esm" ? "program.mjs" : "program.cjs";
  const complaints = await bundlers[bundler](source, { format, folder, name });
  if (complaints.length > 0) throw new Error(`${bundler} complains: ${complaints.join("\n")}`);
  return join(folder, name);
}

interface Output {
  readonly format: "esm" | "cjs";
  readonly folder: string;
  readonly name: string;
}

const bundlers = { esbuild: runEsbuild, webpack: runWebpack };

async function runEsbuild(source: string, { format, folder, name }: Output): Promise<string[]> {
  const { warnings } = await build({
    entryPoints: [source],
    outfile: join(folder, name),
    bundle: true,
    platform: "node",
    target: "node20.19",
    format,
    logLevel: "silent",
  });
  return warnings.map((warning) => `${warning.location?.file ?? "?"}: ${warning.text}`);
}

async function runWebpack(source: string, { format, folder, name }: Output): Promise<string[]> {
  const esm = format === "esm";
  const compiler = webpack({
    mode: "production",
    target: "node20.19",
    entry: source,
    output: { path: folder, filename: name, ...(esm ? { module: true, library: { type: "module" } } : {}) },
    experiments: { outputModule: esm },
  });
  const stats = await promisify(compiler.run.bind(compiler))();
  const { errors = [], warnings = [] } = stats?.toJson({ all: false, errors: true, warnings: true }) ?? {};
  return [...errors, ...warnings].map(({ message }) => message);
}
