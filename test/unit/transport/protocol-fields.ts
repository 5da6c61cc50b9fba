import { readFileSync } from "node:fs";
import ts from "typescript";

const path = new URL("../../../src/protocol/generated/types.ts", import.meta.url);
const source = ts.createSourceFile("types.ts", readFileSync(path, "utf8"), ts.ScriptTarget.Latest);

/** The field names of a type that was generated from the binary. */
export function fieldsOf(name: string): Set<string> {
  for (const statement of source.statements) {
    if (!ts.isTypeAliasDeclaration(statement) || statement.name.text !== name) continue;
    return new Set(membersOf(statement.type));
  }
  throw new Error(`there is no generated type ${name}`);
}

function membersOf(type: ts.TypeNode): string[] {
  if (ts.isIntersectionTypeNode(type)) return type.types.flatMap(membersOf);
  if (!ts.isTypeLiteralNode(type)) return [];
  return type.members.flatMap(({ name }) => (name === undefined ? [] : [name.getText(source).replaceAll('"', "")]));
}
