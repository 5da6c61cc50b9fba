/**
 * Every code a `CodexError` can carry, with the sentence a user needs: what happened and what to do.
 * `docs/errors.md` is generated from this table.
 */
export const errorCodes = {
  ABORTED: "An AbortSignal ended the work. `cause` is the signal's reason.",
  APPROVAL_GONE: "The request was decided already, or codex waits for it no longer.",
  BINARY_NOT_FOUND: "No codex binary was found. Install `@openai/codex`, or set `codexPathOverride` or `CODEX_PATH`.",
  BINARY_NOT_EXECUTABLE: "The codex binary exists but cannot be started. Check its mode, its platform and the path.",
  CLIENT_CLOSED: "The client was closed; make a new `Codex`. Or the thread was; resume it.",
  CONFIG_INVALID:
    "Codex refuses its configuration: its `config.toml`, the `config` option or its CODEX_HOME. Mend what the message names.",
  DUPLICATE_TOOL: "Two tools of one set have the same name. Rename one, or give it a namespace.",
  GUARDRAIL_TRIPPED: "A guardrail stopped the run. `guardrail` names it, and `result` carries all that was done.",
  IMAGE_UNREADABLE: "An image of the input is missing, unreadable, or not an image.",
  INPUT_EMPTY: "The input holds no text and no image.",
  INPUT_TOO_LARGE: "The input is over codex's limit of 1,048,576 characters (Unicode code points).",
  INVALID_INPUT: "The input is not a string or a list of known parts.",
  INVALID_OPTION: "An option has a value that codex would refuse or ignore, or contradicts another option.",
  INVALID_SCHEMA:
    "A schema, of an output or of a tool's parameters, cannot be turned into a JSON Schema that codex takes.",
  INVALID_STATE: "The saved thread state is not one that `thread.toJSON()` wrote, or is of a newer version.",
  INVALID_THREAD_ID: "A thread id must be a UUID. Codex would silently start a new thread for any other text.",
  INVALID_TOOL: "A tool has a name that codex or its protocol forbids, or lacks what a tool needs.",
  MAX_TURNS: "The run took `maxTurns` turns and had not reached its goal. `result` carries all that was done.",
  NOT_A_GIT_REPOSITORY:
    "The working directory is in no git repository; pass `skipGitRepoCheck: true` if that is meant.",
  NOT_CODEX: "The binary started, but does not answer as codex does. Check which program the path names.",
  OUTPUT_INVALID: "The final answer is not valid JSON, or does not fit the output schema.",
  PEER_MISSING: "An optional package that this feature needs is not installed. The message has the install line.",
  PROCESS_EXITED:
    "The codex process ended before the work was done. What was done is kept, and the thread can go on in a new one.",
  PROCESS_SPAWN_FAILED:
    "The operating system refused to start the codex process, for lack of memory, processes or file handles.",
  PROTOCOL_ERROR: "Codex answered something that its own protocol does not allow. Check its version.",
  RPC_ERROR: "The app-server answered a request with an error.",
  RPC_TIMEOUT: "The app-server did not answer a request within its deadline.",
  RUN_CALLBACK_FAILED:
    "A function given to `runAuto` threw or answered nonsense: `until`, `checkpoint` or `retry.retryable`. `cause` is what it threw.",
  SCRIPT_MISMATCH:
    "A double of `codexkit/testing` was used otherwise than its script says. The message lists every difference.",
  SERVER_OVERLOADED: "The app-server has more requests than it can take; try again after a pause.",
  THREAD_BUSY:
    "The thread has a turn running and `whenBusy` is `reject`, or another process is writing to it. Try again later.",
  THREAD_NOT_FOUND: "Codex knows no thread with this id in this CODEX_HOME, or it is archived. Start a new one.",
  TRANSPORT_CLOSED: "The connection to codex is closed. The next turn opens a new one.",
  TURN_CONSUMED: "A turn's events can be read once; its cursor was already taken.",
  TURN_FAILED: "Codex ended the turn as failed. `result` carries all that was done.",
  TURN_NOT_ACTIVE: "The turn is not running, so it cannot be steered. Run another one.",
  TURN_TIMEOUT:
    "The turn ran longer than `timeoutMs` or was silent longer than `idleTimeoutMs`. `result` carries all that was done.",
  UNKNOWN_OPTION: "An option name is not known. The message names the nearest known one.",
  UNSUPPORTED_FEATURE: "The chosen transport cannot do this. The message names the one that can.",
  UNSUPPORTED_VERSION: "The codex binary's version is outside the supported range and `strictVersion` is set.",
  WORKING_DIRECTORY_MISSING: "The working directory does not exist or is not a directory.",
} as const;

/** The machine-readable name of an error, stable across releases. */
export type ErrorCode = keyof typeof errorCodes;
