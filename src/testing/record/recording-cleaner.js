// Removes secrets from recordings. It is plain JavaScript because the recorder's program runs it from `src/` and from `dist/`.
import { gitHardening } from "../../internal/secrets/git-hardening.js";
import { createRedactor, redacted } from "../../internal/secrets/redact.js";
import { isSecretVariable } from "../../internal/secrets/secret-names.js";
import { redactJson, secretArguments, settingSecrets } from "../../internal/secrets/secret-values.js";

/** @typedef {import("../../internal/json.js").JsonValue} JsonValue */

/** The minimum length of a value that is searched everywhere. A shorter value may be an ordinary word. */
const shortestVariable = 8;

/** The number of secrets that are searched everywhere. Each needs time in every line. */
const mostSecrets = 1_000;

/** Values that every thread sets for its shells. They are ordinary words and paths. */
const settings = new Set(gitHardening.flat());

/** Fields of codex's own protocol whose names only look secret, and those that hold further fields. */
const protocolFields = /^(?:session_?id|(?:realtime|voice|active)SessionId|authPolicy|credentialId)$/i;
const protocolContainers = /^(?:sessions?|accountSession|auth|authentication|userAuthorization|credentials?)$/;

/** The values of JSON Schema's `type`. An object with one of them describes a value and contains no secret. */
const schemaTypes = new Set(["string", "object", "array", "number", "integer", "boolean", "null"]);

/**
 * Removes secrets from a file that may be checked in: the values of variables with a secret's name, credentials of a known
 * form, and every value under a secret's name, also in later lines that repeat it.
 * @param {readonly (readonly [text: string, replacement: string])[]} replace
 */
export function createCleaner(replace) {
  const secrets = Object.entries(process.env)
    .filter(([name, value = ""]) => isSecretVariable(name) && value.length >= shortestVariable)
    .map(([, value = ""]) => value);
  const redact = createRedactor(secrets);

  /** @param {string} secret */
  const learn = (secret) => {
    if (secret.length < shortestVariable || settings.has(secret)) return;
    if (secrets.length < mostSecrets && !secrets.includes(secret)) secrets.push(secret);
  };
  const replacements = [...replace].sort(([a], [b]) => b.length - a.length);

  /** @param {string} input */
  const text = (input) => replacements.reduce((output, [from, by]) => output.replaceAll(from, () => by), redact(input));

  /** @param {JsonValue} input */
  const value = (input) => redactJson(input, text, { isHarmless, onSecret: learn });

  /**
   * Removes secrets from arguments. A setting is `--config path=value` with a value in TOML.
   * @param {readonly string[]} argv
   */
  const args = (argv) => {
    const places = secretArguments(argv);
    return argv.map((arg, at) => {
      const isSetting = configFlags.has(argv[at - 1] ?? "");
      const inSetting = isSetting ? settingSecrets(arg) : [];
      inSetting.forEach(learn);
      if (inSetting.length > 0) return `${arg.slice(0, arg.indexOf("="))}="${redacted}"`;
      return places.has(at) ? redacted : text(arg);
    });
  };

  /**
   * Removes secrets from a line. In a JSON line each text is cleaned separately, so that the line stays JSON.
   * @param {string} input
   */
  const line = (input) => {
    const json = parse(input);
    const isCompact = json !== undefined && JSON.stringify(json) === input;
    return isCompact ? { json: value(json) } : { line: text(input) };
  };

  return { text, value, line, argv: args, learn };
}

const configFlags = new Set(["--config", "-c"]);

/**
 * @param {readonly string[]} path
 * @param {string} key
 * @param {JsonValue | undefined} entry
 */
function isHarmless(path, key, entry) {
  const isProtocol = !path.includes("config");
  if (typeof entry !== "object" || entry === null) return isProtocol && protocolFields.test(key);
  if (isProtocol && protocolContainers.test(key)) return true;
  return "type" in entry && typeof entry["type"] === "string" && schemaTypes.has(entry["type"]);
}

/**
 * @param {string} text
 * @returns {JsonValue | undefined}
 */
export function parse(text) {
  try {
    /** @type {JsonValue} */
    const value = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
