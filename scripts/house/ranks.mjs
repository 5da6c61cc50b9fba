// The table of allowed imports between folders of src/, read by lint (eslint.config.mjs) and
// test/unit/house/layers.test.ts.

/**
 * A file imports from its own folder and from folders of a strictly lower rank; type-only imports count. `index` is the
 * root entry file `src/index.ts`.
 * @type {Readonly<Record<string, number>>}
 */
export const ranks = {
  errors: 0,
  internal: 1,
  protocol: 2,
  telemetry: 2,
  process: 3,
  rpc: 3,
  tools: 3,
  approvals: 3,
  transport: 4,
  mcp: 4,
  files: 4,
  requests: 4,
  thread: 5,
  client: 6,
  index: 7,
  otel: 7,
  logging: 7,
  testing: 7,
  compat: 7,
  cli: 8,
};

/**
 * The only files of a lower folder that a folder may import, if its rank alone would allow too much.
 * @type {Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>}
 */
export const windows = {
  thread: { transport: ["transport/transport.ts"] },
};

/**
 * Packages that src/ may import, and the folders that may import them. Anything else needs a decision (docs/internals/decisions/).
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const packages = {
  "@cfworker/json-schema": ["tools"],
  commander: ["cli"],
  "magic-bytes.js": ["thread", "tools"],
  "smol-toml": ["transport"],
  "@modelcontextprotocol/sdk": ["mcp"],
  "@opentelemetry/api": ["otel"],
  pino: ["logging"],
};

/** Folders without any `node:` import: their code is data and runs anywhere. */
export const withoutNode = ["protocol"];

/** Folders that may use the environment, arguments, streams and console of the process. */
export const hostFolders = ["client", "cli"];

/** The folder that may import only public entry points. */
export const publicOnly = "cli";
