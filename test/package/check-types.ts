import { join } from "node:path";
import ts from "typescript";

/** Options as in a `tsconfig.json`. */
export type CompilerSettings = Readonly<Record<string, unknown>>;

const base: CompilerSettings = {
  lib: ["ES2022"],
  target: "ES2022",
  types: ["node"],
  strict: true,
  noEmit: true,
  skipLibCheck: false,
};

/** Returns the compiler's complaints about these files of a folder; an empty text if there are none. */
export function checkTypes(folder: string, files: readonly string[], settings: CompilerSettings): string {
  const { options, errors } = ts.convertCompilerOptionsFromJson({ ...base, ...settings }, folder);
  const host = ts.createCompilerHost(options);
  // The compiler looks for `@types` here.
  host.getCurrentDirectory = () => folder;
  host.getSourceFile = (file, version) => readSource(file, version);
  const program = ts.createProgram(
    files.map((file) => join(folder, file)),
    options,
    host,
  );
  return ts.formatDiagnostics([...errors, ...ts.getPreEmitDiagnostics(program)], host);
}

const sources = new Map<string, ts.SourceFile | undefined>();

/** Parsed once for all programs that read it alike: the libraries and `@types/node` are most of the time. */
function readSource(file: string, version: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined {
  const key = `${file} ${JSON.stringify(version)}`;
  if (!sources.has(key)) {
    const text = ts.sys.readFile(file);
    sources.set(key, text === undefined ? undefined : ts.createSourceFile(file, text, version));
  }
  return sources.get(key);
}
