import ts from "typescript";

/**
 * Removes the members that are marked `@internal` from a declaration file. An internal constructor becomes private: without
 * any constructor the class would have a public one without parameters.
 */
export function stripInternal(file: string, text: string): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    if (isMember(node) && isInternal(node)) {
      const replacement = ts.isConstructorDeclaration(node) ? "\n    private constructor();" : "";
      edits.push({ start: node.getFullStart(), end: node.end, replacement });
    } else {
      ts.forEachChild(node, visit);
    }
  };
  visit(source);
  return edits.reduceRight(
    (rest, { start, end, replacement }) => rest.slice(0, start) + replacement + rest.slice(end),
    text,
  );
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

function isMember(node: ts.Node): boolean {
  return ts.isClassElement(node) || ts.isTypeElement(node) || (ts.isStatement(node) && !ts.isBlock(node));
}

function isInternal(node: ts.Node): boolean {
  return ts.getJSDocTags(node).some(({ tagName }) => tagName.text === "internal");
}
