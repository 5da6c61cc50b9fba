import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Ajv, type ValidateFunction } from "ajv";
import { isJsonObject, type JsonObject } from "../../../src/internal/json.js";

/** Returns the errors of a server's message against the schema that the binary itself generates. */
export type MessageCheck = (message: JsonObject, requestMethod?: string) => string[];

const resultSchemas = new Map([
  ["initialize", "InitializeResponse"],
  ["thread/start", "ThreadStartResponse"],
  ["thread/resume", "ThreadResumeResponse"],
  ["thread/fork", "ThreadForkResponse"],
  ["thread/unsubscribe", "ThreadUnsubscribeResponse"],
  ["thread/backgroundTerminals/list", "ThreadBackgroundTerminalsListResponse"],
  ["thread/backgroundTerminals/clean", "ThreadBackgroundTerminalsCleanResponse"],
  ["turn/start", "TurnStartResponse"],
  ["turn/steer", "TurnSteerResponse"],
  ["turn/interrupt", "TurnInterruptResponse"],
  ["account/login/start", "LoginAccountResponse"],
  ["account/logout", "LogoutAccountResponse"],
  ["account/read", "GetAccountResponse"],
  ["model/list", "ModelListResponse"],
  ["config/read", "ConfigReadResponse"],
]);

/** Generates the schema with the binary and compiles it to a check. */
export async function createMessageCheck(binary: string): Promise<MessageCheck> {
  const folder = await mkdtemp(join(tmpdir(), "codexkit-schema-"));
  try {
    const args = ["app-server", "generate-json-schema", "--experimental", "--out", folder];
    await promisify(execFile)(binary, args, {
      env: { CODEX_HOME: folder, HOME: folder, PATH: process.env["PATH"] ?? "" },
    });
    const bundle: unknown = JSON.parse(await readFile(join(folder, "codex_app_server_protocol.schemas.json"), "utf8"));
    if (!isJsonObject(bundle)) throw new Error("the schema is no object");
    return createCheck(bundle);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function createCheck(bundle: JsonObject): MessageCheck {
  const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: false });
  ajv.addSchema(bundle, "codex");
  const compiled = new Map<string, ValidateFunction>();
  const validate = (name: string, value: unknown): string[] => {
    const check = compiled.get(name) ?? compile(name);
    compiled.set(name, check);
    return check(value) ? [] : [`${name}: ${ajv.errorsText(check.errors)} in ${JSON.stringify(value)}`];
  };
  const compile = (name: string): ValidateFunction => {
    const definitions = isJsonObject(bundle["definitions"]) ? bundle["definitions"] : {};
    const inner = isJsonObject(definitions["v2"]) && name in definitions["v2"] ? `v2/${name}` : name;
    return ajv.compile({ $ref: `codex#/definitions/${inner}` });
  };
  return (message, requestMethod) => {
    if (message["method"] !== undefined && message["id"] !== undefined) return validate("ServerRequest", message);
    if (message["method"] !== undefined) return validate("ServerNotification", message);
    if (message["error"] !== undefined) return validate("JSONRPCError", message);
    const schema = resultSchemas.get(requestMethod ?? "");
    return schema === undefined ? [`no schema for ${requestMethod ?? ""}`] : validate(schema, message["result"]);
  };
}
