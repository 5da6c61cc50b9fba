import { relative } from "node:path";
import ts from "typescript";
import { root } from "../house/read-files.js";
import type { PlacedSnippet } from "./place-snippets.js";

/** Compiles the snippets against the built package with strict options; returns the errors by page. */
export function compileSnippets(snippets: readonly PlacedSnippet[]): string[] {
  const { config } = ts.readConfigFile(`${root}/tsconfig.base.json`, (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options, errors } = ts.convertCompilerOptionsFromJson(
    {
      ...config.compilerOptions,
      noEmit: true,
      skipLibCheck: false,
      // A snippet may leave a variable unused, and reads `process.env.NAME`.
      noUnusedLocals: false,
      noUnusedParameters: false,
      noPropertyAccessFromIndexSignature: false,
    },
    root,
  );
  const program = ts.createProgram({ rootNames: snippets.map(({ path }) => path), options });
  return [...errors, ...ts.getPreEmitDiagnostics(program)].map((diagnostic) => describe(diagnostic, snippets));
}

function describe(diagnostic: ts.Diagnostic, snippets: readonly PlacedSnippet[]): string {
  const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n  ");
  const { file, start } = diagnostic;
  if (file === undefined || start === undefined) return text;
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  const page = snippets.find(({ path }) => path === file.fileName)?.file ?? relative(root, file.fileName);
  return `${page}:${line + 1}:${character + 1}: ${text}`;
}
