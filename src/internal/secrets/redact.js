// Plain JavaScript, for the same reason as `secret-names.js`.
import { isSecretName, isSecretVariable } from "./secret-names.js";

/** The text that replaces a secret. */
export const redacted = "[redacted]";

/** Shorter secrets are ignored: replacing them would tear ordinary words apart. */
const shortestSecret = 4;

/**
 * Credentials of a known form. Each pattern is bounded or begins at a boundary, so that none needs more than linear time on
 * hostile text.
 * @type {readonly (readonly [pattern: RegExp, replacement: string])[]}
 */
const credentialShapes = [
  [/-----BEGIN [A-Z0-9 ]{1,64}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,64}-----|$)/g, redacted],
  [/\b(Bearer)\s{1,4}(?!(?:auth\w*|tokens?|scheme|challenge)\b)[A-Za-z0-9._~+/=-]{4,}/gi, `$1 ${redacted}`],
  [/\b(Basic)\s{1,4}(?=[A-Za-z+/]{0,256}[\d=])[A-Za-z0-9+/=]{8,}/gi, `$1 ${redacted}`],
  [/(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{4,4096}\.[A-Za-z0-9_-]{4,4096}(?:\.[A-Za-z0-9_-]*)?/g, redacted],
  [/(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{8,}/g, redacted],
  [
    /(?<![A-Za-z0-9])(?:gh[oprsu]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|npm_[A-Za-z0-9]{30,})/g,
    redacted,
  ],
  [/(?<![A-Za-z0-9])(?:xox[a-z]-[A-Za-z0-9-]{10,}|A(?:KIA|SIA)[A-Z0-9]{16}|AIza[\w-]{30,})/g, redacted],
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#:@"']{0,256}:[^\s/?#"]{1,1024}@/gi, `$1${redacted}@`],
  [/\b((?:https?|wss?):\/\/)[^\s/?#:@"']{1,1024}@/gi, `$1${redacted}@`],
  [
    /((?<![A-Z0-9_])[A-Z0-9_]{0,64}(?:API_?KEY|TOKEN|SECRET|PASSWORD|PASSWD)["']?\s?[=:]\s?["']?)[^\s"',;]+/g,
    `$1${redacted}`,
  ],
];

/**
 * Values after a name: parameters of a URL, headers, members of JSON, and `name=value`. The name decides.
 * @type {readonly (readonly [pattern: RegExp, isSecret: (name: string) => boolean])[]}
 */
const namedValues = [
  [/([?&#])([^?&#=\s"']{1,64})(=)[^&\s"'#]+/g, isSecretVariable],
  [/((?<![\w.-]))((?:set-)?cookie|(?:proxy-)?authorization|x-[\w-]{1,48})(\s?:\s?)[^\r\n"']+/gi, isSecretVariable],
  [/(")([^"\\]{1,64})("\s?:\s?")(?:[^"\\]|\\.)+/g, isSecretName],
  [/((?<![\w.-])-{0,2})([A-Za-z][\w.-]{0,63})(=["']?)[^\s"'&,;]+/g, isSecretName],
];

/**
 * A function that returns the text without secrets.
 * @typedef {(text: string) => string} Redact
 */

/**
 * Returns a function that replaces with `[redacted]`: the given secrets, also if they are URL- or JSON-encoded, every
 * credential of a known form, and every value after a name of a secret. A secret of several lines is searched line by line.
 * The list of secrets may grow later.
 * @param {readonly string[]} [secrets]
 * @returns {Redact}
 */
export function createRedactor(secrets = []) {
  let compiled = 0;
  /** @type {RegExp | undefined} */
  let pattern;
  return (text) => {
    if (compiled !== secrets.length) {
      compiled = secrets.length;
      pattern = toPattern(secrets);
    }
    let clean = pattern === undefined ? text : text.replace(pattern, redacted);
    for (const [shape, replacement] of credentialShapes) clean = clean.replace(shape, replacement);
    for (const [named, isSecret] of namedValues) {
      clean = clean.replace(named, (match, before, name, between) =>
        isSecret(String(name)) ? `${before}${name}${between}${redacted}` : match,
      );
    }
    return clean;
  };
}

/**
 * @param {readonly string[]} secrets
 * @returns {RegExp | undefined}
 */
function toPattern(secrets) {
  const known = spellings(secrets).map((spelling) => spelling.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return known.length === 0 ? undefined : new RegExp(known.join("|"), "g");
}

/**
 * Returns the text without the beginning of a known secret at its very end, for text that was cut there. (The beginning
 * of a credential with a known form still has that form.)
 * @param {string} text
 * @param {readonly string[]} secrets
 * @returns {string}
 */
export function withoutPartialSecret(text, secrets) {
  for (const spelling of spellings(secrets)) {
    for (let length = Math.min(spelling.length - 1, text.length); length >= shortestSecret; length -= 1) {
      if (text.endsWith(spelling.slice(0, length))) return text.slice(0, -length) + redacted;
    }
  }
  return text;
}

/**
 * Longest first, so that a secret which begins with another one is replaced as a whole.
 * @param {readonly string[]} secrets
 * @returns {string[]}
 */
function spellings(secrets) {
  const lines = secrets.flatMap((secret) => secret.split(/\r?\n/).map((line) => line.trim()));
  const all = lines
    .flatMap((line) => [line, ...credentialsIn(line)])
    .flatMap((line) => [line, urlEncoded(line), JSON.stringify(line).slice(1, -1)]);
  const long = new Set(all.filter((spelling) => spelling.length >= shortestSecret));
  return [...long].sort((a, b) => b.length - a.length);
}

/** A shorter part of a secret may be an ordinary word. */
const shortestPart = 8;

/**
 * Returns the credentials inside a secret that others repeat without the rest: the part after the scheme of a header, the
 * values of cookies, the password of an address, and the password of `Basic`.
 * @param {string} secret
 * @returns {readonly string[]}
 */
function credentialsIn(secret) {
  const [, scheme = "", rest = ""] = /^([A-Za-z][\w-]{0,31})\s{1,4}(\S+)$/.exec(secret) ?? [];
  const [, password = ""] = /^[a-z][a-z0-9+.-]{0,31}:\/\/[^\s/?#:@]*:([^\s/?#]+)@/i.exec(secret) ?? [];
  const login = scheme.toLowerCase() === "basic" ? Buffer.from(rest, "base64").toString("utf8") : "";
  const cookies = secret.split(";").map((cookie) => /^\s*[\w.-]{1,64}=(\S+)$/.exec(cookie)?.[1] ?? "");
  const parts = [rest, password, urlDecoded(password), login.slice(login.indexOf(":") + 1), ...cookies];
  return parts.filter((part) => part.length >= shortestPart);
}

/**
 * @param {string} text
 * @returns {string}
 */
function urlDecoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // It is not URL-encoded.
  }
}

/**
 * @param {string} text
 * @returns {string}
 */
function urlEncoded(text) {
  try {
    return encodeURIComponent(text);
  } catch {
    return text; // A lone surrogate has no URL spelling.
  }
}
