import { Ajv } from "ajv";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { definitionOf } from "../../../scripts/generate/json-schema.js";
import { readProtocolSource } from "../../../scripts/generate/protocol-source.js";
import { readMethods } from "../../../scripts/generate/read-methods.js";
import { isJsonObject, type JsonObject } from "../../../src/internal/json.js";
import { checkShape } from "../../../src/protocol/shapes/check-shape.js";
import { notificationShapes } from "../../../src/protocol/generated/shapes.js";
import { readWireFixtures, textOf, toObject } from "./wire-fixtures.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

test("the committed files equal those generated from the pinned binary", () => {
  const run = (): string =>
    execFileSync(process.execPath, ["--import", "tsx", "scripts/generate/main.ts", "--check"], {
      cwd: root,
      encoding: "utf8",
    });
  expect(run).not.toThrow();
});

describe("the shapes agree with the binary's own schema", () => {
  const source = readProtocolSource(`${root}.tmp/test-protocol-source/shapes`);
  const typeOf = new Map(readMethods(source).notifications.map(({ name, params }) => [name, params]));
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: "bundle", definitions: source.definitions });
  const validator = (method: string) => {
    const type = typeOf.get(method) ?? "";
    const namespace = source.definitions.v2[type] === undefined ? "" : "v2/";
    expect(definitionOf(source.definitions, type)).toBeDefined();
    return ajv.getSchema(`bundle#/definitions/${namespace}${type}`);
  };
  const samples = new Map<string, JsonObject>();
  for (const { lines } of readWireFixtures().filter(({ wire }) => wire === "app-server")) {
    for (const message of lines.map(toObject)) {
      const { id, params } = message;
      if (id === undefined && isJsonObject(params)) samples.set(textOf(message, "method"), params);
    }
  }

  test.each([...samples])("%s: the binary's output is valid to both", (method, params) => {
    expect(validator(method)?.(params)).toBe(true);
    expect(checkShape(notificationShapes[method] ?? "", params)).toBeUndefined();
  });

  test.each([...samples])(
    "%s: the shape rejects a missing or changed field if the schema rejects it",
    (method, params) => {
      const validate = validator(method);
      for (const key of Object.keys(params)) {
        const { [key]: _, ...without } = params;
        const shape = notificationShapes[method] ?? "";
        expect([key, checkShape(shape, without) === undefined]).toEqual([key, validate?.(without)]);
      }
    },
  );
});
