/** One check: an npm script of the same name. */
export interface Gate {
  readonly name: string;
  /** The npm script is one run of vitest, whose tests are counted. */
  readonly vitest?: boolean;
  /** The gate measures real time or uses both cores, so it runs alone. */
  readonly alone?: boolean;
  readonly timeoutSeconds: number;
}

/** All gates in the order of their start. `build` runs first and alone, because the others read `dist/`. */
export const gates: readonly Gate[] = [
  { name: "build", alone: true, timeoutSeconds: 120 },
  { name: "typecheck", timeoutSeconds: 180 },
  { name: "lint", timeoutSeconds: 300 },
  { name: "format:check", timeoutSeconds: 120 },
  { name: "check:voice", timeoutSeconds: 120 },
  { name: "knip", timeoutSeconds: 120 },
  { name: "test:types", timeoutSeconds: 120 },
  { name: "docs:check", timeoutSeconds: 300 },
  { name: "check:generated", timeoutSeconds: 180 },
  { name: "check:package", timeoutSeconds: 180 },
  { name: "check:api", timeoutSeconds: 120 },
  { name: "test:unit", vitest: true, alone: true, timeoutSeconds: 300 },
  { name: "test:fuzz", vitest: true, alone: true, timeoutSeconds: 120 },
  { name: "test:contract", vitest: true, alone: true, timeoutSeconds: 480 },
  { name: "test:e2e", vitest: true, alone: true, timeoutSeconds: 720 },
  { name: "test:endings", vitest: true, alone: true, timeoutSeconds: 480 },
  { name: "test:soak", vitest: true, alone: true, timeoutSeconds: 480 },
  { name: "test:package", vitest: true, alone: true, timeoutSeconds: 300 },
  { name: "check:fixtures", alone: true, timeoutSeconds: 300 },
  { name: "examples", alone: true, timeoutSeconds: 300 },
];
