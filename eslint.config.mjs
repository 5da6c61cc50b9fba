import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";
import { hostFolders } from "./scripts/house/ranks.mjs";
import { houseRules, layerConfigs } from "./scripts/house/lint-rules.mjs";

const ignored = ["dist/", ".tmp/", "coverage/", "src/protocol/generated/", "test/fixtures/wire/"];

export default defineConfig(
  { ignores: ignored },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.{ts,js,mjs}"],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      // The compiler knows which names exist; this rule does not.
      "no-undef": "off",
      eqeqeq: "error",
      "no-restricted-imports": ["error", houseRules.imports()],
      "no-restricted-syntax": ["error", ...houseRules.syntax.everywhere],
      "@typescript-eslint/consistent-type-exports": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      // `return f()` of a void function is an early exit.
      "@typescript-eslint/no-confusing-void-expression": "off",
      // The rule reports `createDeferred<void>()` as a misuse.
      "@typescript-eslint/no-invalid-void-type": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-unnecessary-condition": [
        "error",
        { allowConstantLoopConditions: "only-allowed-literals" },
      ],
      // `require-await` refuses an async function that only has to match an interface or turn a throw into a rejection.
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      // A signal's reason and a caught value are rethrown unchanged: they need not be an `Error`.
      "@typescript-eslint/only-throw-error": ["error", { allowThrowingAny: true, allowThrowingUnknown: true }],
      "@typescript-eslint/prefer-promise-reject-errors": [
        "error",
        { allowThrowingAny: true, allowThrowingUnknown: true },
      ],
    },
  },
  {
    files: ["src/**/*.{ts,js}"],
    rules: {
      "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }],
      "@typescript-eslint/max-params": ["error", { max: 4 }],
      "@typescript-eslint/consistent-type-assertions": ["error", { assertionStyle: "never" }],
      "no-restricted-globals": ["error", ...houseRules.globals],
      "no-restricted-syntax": ["error", ...houseRules.syntax.everywhere, ...houseRules.syntax.library],
    },
  },
  ...layerConfigs(),
  {
    // The types of the wire are defined here, so this is the only place that may assert them.
    files: ["src/protocol/**/*.ts"],
    rules: {
      "@typescript-eslint/consistent-type-assertions": "off",
      "no-restricted-syntax": ["error", ...houseRules.syntax.everywhere, ...houseRules.syntax.classes],
    },
  },
  {
    // The composer reads the environment, the command line owns its terminal.
    files: hostFolders.map((folder) => `src/${folder}/**/*.ts`),
    rules: { "no-restricted-globals": ["error", ...houseRules.browserGlobals] },
  },
  {
    // The command line is a program of its own: no other realm loads it.
    files: ["src/cli/**/*.ts"],
    rules: {
      "no-restricted-globals": "off",
      "no-restricted-syntax": [
        "error",
        ...houseRules.syntax.everywhere,
        ...houseRules.syntax.library.filter((rule) => !houseRules.syntax.realms.includes(rule)),
      ],
    },
  },
  {
    // The start of a process and its signals are facts of the host program, not settings.
    files: ["src/process/**/*.ts"],
    rules: {
      "no-restricted-globals": ["error", ...houseRules.globals.filter((entry) => entry.name !== "process")],
      "no-restricted-syntax": [
        "error",
        ...houseRules.syntax.everywhere,
        ...houseRules.syntax.library,
        ...houseRules.syntax.processFacts,
      ],
    },
  },
  {
    // The doubles run in the test's process, start Node themselves, and are a program of their own in relay-program.js.
    files: ["src/testing/**/*.{ts,js}"],
    rules: { "no-restricted-globals": ["error", ...houseRules.globals.filter((entry) => entry.name !== "process")] },
  },
  {
    // The wire still requires fields that codex itself calls deprecated.
    files: ["src/protocol/**/*.ts", "src/testing/**/*.ts"],
    rules: { "@typescript-eslint/no-deprecated": "off" },
  },
  {
    // A cast in JSDoc is checked by the compiler, but these rules do not see it.
    files: ["**/*.{js,mjs}"],
    rules: {
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
    },
  },
  {
    files: ["test/**/*.ts", "test/**/*.mjs"],
    rules: {
      // Tests pass unbound functions to spies and `expect`, and empty functions as arguments.
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/no-empty-function": "off",
    },
  },
);
