// The one list of names that hold secrets. Thread state, errors, warnings, recordings and the check of exec's command line use it.
// It is plain JavaScript because the recorder's program runs it from `src/` without a build.

/** Words that are unmistakable even without a boundary, as in `authtoken` or `DBPASSWORD`. */
const anywhere =
  /token|secret|passw(?:or)?d|pass_?phrase|pass_?code|credential|cookie|authori[sz]ation|(?:api|private|access|account|signing|encryption|subscription|storage|shared|master|ssh|deploy|license|service|auth|client|gateway|session|hmac)_?keys?(?:_|\d|$)|conn(?:ection)?_?str(?:ing)?|session_?(?:id|key)(?:_|\d|$)/;

/** Words that are part of harmless words, such as `path` and `author`: they count only between boundaries. */
const asWord =
  /(?:^|_)(?:auth|authentication|pats?|pass|pwd|pw|creds?|dsn|jwt|otp|totp|csrf|xsrf|sid|sessid|phpsessid|bearer|sessions?)\d*(?:_|$)/;

/** Names of codex and of hooks that contain `session` and mean its course. */
const sessionCourse = /(?:^|_)sessions?_(?:start|end|stop|resume|picker|source|lock|log|flow|index|meta|view)(?:_|$)/;

/** The name of a place, a kind or a limit: the secret itself is elsewhere. */
const harmless =
  /(?:^|_)env_(?:vars?|keys?|key_instructions|http_headers)$|_(?:store|status|mode|type|method|urls?|uris?|endpoint|limits?|usage|count|budget)$/;

/** Numbers under these names are limits, not secrets. */
const amount =
  /(?:^|_)(?:tokens|limits?|max|min|count|budget|size|usage|timeout|ttl|ms|secs?|seconds|threshold|length|total|used|remaining)(?:_|$)/;

const plainKey = /(?:^|_)(?:keys?|sig|signature)\d*(?:_|$)/;

/**
 * Returns true if a value under this name is a secret, in any spelling: `api_key`, `apiKey`, `X-Api-Key`, `MY_APIKEY_2`.
 * A name that refers to a secret, such as `bearer_token_env_var` or `cli_auth_credentials_store`, is none.
 * @param {string} name
 * @returns {boolean}
 */
export function isSecretName(name) {
  const spelled = toSnakeCase(name);
  if (harmless.test(spelled) || name === "PWD") return false;
  return anywhere.test(spelled) || (asWord.test(spelled) && !sessionCourse.test(spelled));
}

/**
 * Returns true for the name of an environment variable, a header or a query parameter that holds a secret. A plain `key`
 * counts here, too.
 * @param {string} name
 * @returns {boolean}
 */
export function isSecretVariable(name) {
  const spelled = toSnakeCase(name);
  return !harmless.test(spelled) && (isSecretName(name) || plainKey.test(spelled));
}

/**
 * Returns true for the name of a table in which every text counts as a secret: headers, variables and query parameters.
 * @param {string} name
 * @returns {boolean}
 */
export function isSecretTable(name) {
  const spelled = toSnakeCase(name);
  return /(?:^|_)headers$|^query_params$|^env$|^set$/.test(spelled) && !harmless.test(spelled);
}

/**
 * Returns true if a number under this name is a secret, such as a numeric password, and not a limit.
 * @param {string} name
 * @returns {boolean}
 */
export function isSecretNumber(name) {
  return isSecretName(name) && !amount.test(toSnakeCase(name));
}

/**
 * @param {string} name
 * @returns {string}
 */
function toSnakeCase(name) {
  return name
    .slice(0, 256)
    .replace(/OAuth/g, "Oauth")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase();
}
