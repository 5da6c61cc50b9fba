import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { readProtocolSource } from "../../../scripts/generate/protocol-source.js";
import { readMethods } from "../../../scripts/generate/read-methods.js";
import {
  decodeServerRequest,
  isServerRequestMethod,
  refuseServerRequest,
  serverRequests,
} from "../../../src/protocol/index.js";
import { readServerRequests, textOf } from "./wire-fixtures.js";

const source = readProtocolSource(
  fileURLToPath(new URL("../../../.tmp/test-protocol-source/requests", import.meta.url)),
);
const requests = readMethods(source).server;

describe("[A1.23] every request of the real binary's protocol", () => {
  test("is known", () => {
    expect(Object.keys(serverRequests)).toEqual(requests.map(({ name }) => name));
  });

  test.each(requests)("$name is refused validly", ({ name, result }) => {
    const answer = refuseServerRequest(name);
    if (answer.kind === "error") {
      expect(answer.error.code).toBe(-32601);
      expect(answer.error.message).toMatch(/^The host cannot /);
      return;
    }
    const ajv = new Ajv({ strict: false, validateFormats: false });
    expect(ajv.validate(source.standalone.get(result) ?? false, answer.result), ajv.errorsText()).toBe(true);
    expect(JSON.stringify(answer.result)).not.toMatch(/accept|approved|"success":true|session/);
  });

  test("is refused by an error if it is unknown", () => {
    for (const method of ["new/question", "constructor", "__proto__"]) {
      expect(refuseServerRequest(method)).toMatchObject({ kind: "error", error: { code: -32601 } });
    }
  });
});

describe("the params of a request", () => {
  test("that the binary sent are read", () => {
    const sent = readServerRequests();
    expect(sent.length).toBeGreaterThanOrEqual(2);
    for (const request of sent) {
      const name = textOf(request, "method");
      const { params } = request;
      expect(isServerRequestMethod(name) && decodeServerRequest(name, params)).toEqual({ ok: true, value: params });
    }
  });

  test("that lack a field are refused with the reason", () => {
    expect(decodeServerRequest("item/tool/call", { tool: "x" })).toEqual({
      ok: false,
      problem: "item/tool/call: params.arguments is missing",
    });
    expect(decodeServerRequest("item/tool/call", null)).toMatchObject({ ok: false });
  });
});
