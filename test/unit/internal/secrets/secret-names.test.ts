import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isSecretName,
  isSecretNumber,
  isSecretTable,
  isSecretVariable,
} from "../../../../src/internal/secrets/secret-names.js";
import {
  isSecretEntry,
  redactJson,
  secretArguments,
  settingSecrets,
} from "../../../../src/internal/secrets/secret-values.js";
import { planted, secretSpelling } from "../secret-spellings.js";

describe("names of secrets", () => {
  it("[A1.16] [A4.4] are recognised in every spelling, with words before and after them", () => {
    fc.assert(
      fc.property(secretSpelling, (name) => {
        expect(isSecretName(name)).toBe(true);
        expect(isSecretVariable(name)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["references", ["env_key", "bearer_token_env_var", "env_http_headers", "env_vars"]],
    ["kinds and places", ["cli_auth_credentials_store", "authMode", "auth_status", "tokenUsage", "token_url"]],
    ["limits", ["model_auto_compact_token_limit", "tool_output_token_limit"]],
    [
      "parts of other words",
      ["path", "patch", "compat", "author", "authority", "bypass", "oauth", "keymap", "pattern"],
    ],
    ["the course of a session", ["SessionStart", "session_end", "tui.session_picker_view"]],
    ["the working directory", ["PWD", "OLDPWD"]],
    ["other keys", ["sort_key", "publicKey", "cacheKey", "keyPath"]],
  ])("exclude %s", (_, harmless) => {
    expect(harmless.filter(isSecretName)).toEqual([]);
  });

  it("include a plain key among variables, headers and parameters", () => {
    for (const name of ["key", "OPENAI_KEY", "sig", "x-goog-signature"]) expect(isSecretVariable(name)).toBe(true);
    expect(isSecretVariable("MONKEY")).toBe(false);
  });

  it("include tables of headers, variables and parameters", () => {
    for (const name of ["http_headers", "httpHeaders", "headers", "env", "set", "query_params"]) {
      expect(isSecretTable(name)).toBe(true);
    }
    for (const name of ["env_http_headers", "env_vars", "settings", "environment_id"]) {
      expect(isSecretTable(name)).toBe(false);
    }
  });

  it("distinguish a numeric password from a limit", () => {
    expect(["password", "pin_token"].every(isSecretNumber)).toBe(true);
    expect(["max_tokens", "inputTokens", "token_limit", "total_tokens"].some(isSecretNumber)).toBe(false);
  });
});

describe("secret values", () => {
  it("[A4.4] are replaced at every depth of a JSON value", () => {
    fc.assert(
      fc.property(secretSpelling, fc.constantFrom("leaf", "list", "table", "dotted"), (name, form) => {
        const value = { leaf: planted, list: [planted], table: { inner: { x: planted } }, dotted: planted }[form];
        const holder = form === "dotted" ? { [`a.${name}.b`]: value } : { a: [{ [name]: value }], kept: "text" };
        expect(JSON.stringify(redactJson(holder, String))).not.toContain("battery");
      }),
    );
  });

  it("include each text of a table of headers or variables, but no reference and no schema", () => {
    expect(isSecretEntry([], "mcp_servers.x.http_headers.X-Any", "v")).toBe(true);
    expect(isSecretEntry(["mcp_servers", "x"], "env", { A: "v" })).toBe(true);
    expect(isSecretEntry(["x", "env_http_headers"], "Authorization", "X_AUTHORIZATION")).toBe(false);
    expect(isSecretEntry(["model_providers", "x"], "auth", { command: "print-token" })).toBe(false);
    expect(isSecretEntry(["properties"], "env", { properties: { a: {} } })).toBe(false);
  });

  it("include the argument after a flag", () => {
    expect([...secretArguments(["--token", "a", "--verbose", "b", "--api-key", "--x", "-p"])]).toEqual([1]);
  });

  it("are found in a raw setting, however its TOML is written", () => {
    expect(settingSecrets('model_providers.z.experimental_bearer_token="abc"')).toEqual(["abc"]);
    expect(settingSecrets("mcp_servers.x.env = { A = 'first', B = \"second\" }")).toEqual(["first", "second"]);
    expect(settingSecrets('mcp_servers.x={ command="c", http_headers={ "X-Any"="value" } }')).toEqual(["value"]);
    expect(settingSecrets('mcp_servers.x.args=["--password", "value"]')).toEqual(["value"]);
    expect(settingSecrets("api_key=bare")).toEqual(["bare"]);
    expect(settingSecrets('shell_environment_policy.set.MARK="1"')).toEqual([]);
    expect(settingSecrets('model="gpt"')).toEqual([]);
  });
});
