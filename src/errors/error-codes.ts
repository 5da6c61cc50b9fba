/** Every code of a `CodexError`, with its cause and remedy. `docs/errors.md` is generated from this table. */
export const errorCodes = {
  ABORTED: "An AbortSignal ended the work. `cause` is the signal's reason.",
  APPROVAL_GONE: "The request was already decided, or was withdrawn because its turn ended.",
  APPROVAL_VIOLATED:
    "Codex started an action that was declined, or two calls that need approval have one id. The turn was interrupted; `result` contains the work that was done.",
  BINARY_CHANGED:
    "The codex binary is not the file that this client has started before. If you have updated codex, create a new `Codex`; else find out which program has replaced it.",
  BINARY_NOT_FOUND: "No codex binary was found. Install `@openai/codex`, or set `codexPathOverride` or `CODEX_PATH`.",
  BINARY_NOT_EXECUTABLE: "The codex binary exists but cannot be started. Check its mode, its platform and its path.",
  BINARY_WRITABLE:
    "The codex binary lies in a folder that the agent's commands may write to, so they could replace it. Install codex elsewhere and set `codexPathOverride` or `CODEX_PATH` to it, narrow the writable folders, or pass `allowWritableBinary: true`.",
  BUDGET_EXCEEDED:
    "The thread has used the tokens of codex's own limit, `features.rollout_budget`. Later turns of the thread fail, too: raise the limit or start a new thread.",
  CLIENT_CLOSED: "The client or the thread was closed. Make a new `Codex`, or resume the thread.",
  CONFIG_INVALID:
    "Codex refuses its configuration: its `config.toml`, the `config` option, or a CODEX_HOME that does not exist or is a file. Correct the value that the message names.",
  DUPLICATE_TOOL: "Two tools of one set have the same name. Rename one, or set a namespace.",
  GUARDRAIL_TRIPPED:
    "A guardrail stopped the turn or the run. `guardrail` is its name, and `result` contains the work that was done.",
  HOME_UNUSABLE:
    "Codex cannot write to its CODEX_HOME, or this user has no home folder. `path` is the folder. Make it writable, or set CODEX_HOME to a writable folder.",
  IMAGE_UNREADABLE: "An image of the input is missing, unreadable, or not an image.",
  INPUT_EMPTY: "The input contains no text and no image.",
  INPUT_TOO_LARGE: "The input is over codex's limit of 1,048,576 characters (Unicode code points).",
  INVALID_INPUT: "The input is not a string or a list of known parts.",
  INVALID_OPTION: "An option has a value that codex would refuse or ignore, or that contradicts another option.",
  INVALID_SCHEMA:
    "The schema of an output or of a tool's parameters cannot be converted to a JSON Schema that codex accepts.",
  INVALID_STATE: "The thread state was not written by `thread.toJSON()`, or has a newer version.",
  INVALID_THREAD_ID: "The thread id is not a UUID. codex would start a new thread for it without an error.",
  INVALID_TOOL: "A tool has a name that codex reserves, or lacks a required field.",
  MAX_TURNS: "The run reached `maxTurns` before its goal. `result` contains the work that was done.",
  MCP_SERVER_FAILED:
    "An MCP server with `required: true` did not start, so codex did not start the thread. Correct its `command` or `url`; `codexkit doctor` checks the servers of `config.toml`.",
  NOT_A_GIT_REPOSITORY:
    "The working directory is not in a git repository. Pass `skipGitRepoCheck: true` to allow that.",
  NOT_CODEX: "The program did not answer as codex does. Check the path.",
  OUTPUT_INVALID: "The final answer is not valid JSON, or does not fit the output schema.",
  PEER_MISSING: "An optional package that this feature needs is not installed. The message has the install line.",
  PROCESS_EXITED:
    "The codex process ended before the work was done. The thread is kept; the next turn starts a new process.",
  PROCESS_SPAWN_FAILED:
    "The operating system could not start the codex process, for lack of memory, processes or file handles.",
  PROTOCOL_ERROR: "Codex sent an answer that its protocol does not allow. Check its version.",
  PROVIDER_KEY_MISSING:
    "The environment of codex lacks the variable that `env_key` of the model provider names. Set it for the host program, or pass it in the client option `env`.",
  RPC_ERROR: "The app-server answered a request with an error.",
  RPC_TIMEOUT: "The app-server did not answer a request within its deadline.",
  RUN_CALLBACK_FAILED:
    "A callback of `runAuto` threw or returned an invalid value: `until`, `checkpoint` or `retry.retryable`. `cause` is the error.",
  SCRIPT_MISMATCH:
    "A double of `codexkit/testing` was not used as its script requires. The message lists every difference.",
  SERVER_OVERLOADED:
    "The app-server has too many requests and did not handle this one. The same request may succeed later: see `retryOnOverload()`.",
  THREAD_BUSY:
    "A turn of the thread runs and `whenBusy` is `reject`, or another process has the thread loaded, also if it is idle there. `thread.close()` in that process releases it.",
  THREAD_DAMAGED:
    "The file with the history of the thread is damaged, so codex cannot load it. The message names the file: restore it from a backup, or start a new thread.",
  THREAD_NOT_FOUND:
    "This CODEX_HOME has no thread with this id, the thread is archived, or it never had a turn. Start a new one.",
  THREAD_NOT_SAVED:
    "Codex could not save a turn, for example because its disk is full, and has ended since: the turn is lost. Free the disk; `codex.resumeThread(id)` continues with the turns that codex has saved.",
  TMPDIR_UNUSABLE:
    "The temporary folder is missing or cannot be written to. `path` is the folder. Create it, or set TMPDIR to another folder.",
  TRANSPORT_CLOSED: "The connection to codex is closed. The next turn opens a new one.",
  TURN_CONSUMED: "The cursor of the turn was already claimed. The events of a turn can be read once.",
  TURN_FAILED: "Codex ended the turn as failed. `result` contains the work that was done.",
  TURN_NOT_ACTIVE: "The turn does not run, so it cannot be steered. Run another turn.",
  TURN_TIMEOUT:
    "The turn took longer than `timeoutMs`, or emitted no event for `idleTimeoutMs`. `result` contains the work that was done.",
  UNKNOWN_OPTION: "An option name is unknown. The message contains the nearest known name.",
  UNSUPPORTED_FEATURE: "The transport does not support the feature. The message names the transport that does.",
  UNSUPPORTED_VERSION: "The version of codex is outside the supported range, and `strictVersion` is set.",
  WORKING_DIRECTORY_MISSING: "The working directory does not exist or is not a directory.",
} as const;

/** The machine-readable name of an error, stable across releases. */
export type ErrorCode = keyof typeof errorCodes;
