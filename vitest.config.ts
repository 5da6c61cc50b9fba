import { defineConfig, type UserWorkspaceConfig } from "vitest/config";

const seconds = 1000;
const onTheBinary = { globalSetup: "test/global-setup.ts", setupFiles: ["test/skip-without-codex.ts"] };

export default defineConfig({
  test: {
    // Two cores on CI; the tests of endings measure real processes and must not starve each other.
    maxWorkers: 2,
    allowOnly: false,
    passWithNoTests: false,
    projects: [
      project("unit", 10 * seconds),
      project("fuzz", 60 * seconds),
      project("contract", 60 * seconds, onTheBinary),
      project("e2e", 60 * seconds, onTheBinary),
      // Hundreds of host programs, eight at a time: each waits more than it works.
      project("endings", 60 * seconds, {
        globalSetup: [onTheBinary.globalSetup, "test/endings/require-dist.ts"],
        fileParallelism: false,
        maxConcurrency: 8,
      }),
      // One host program that measures itself, on an otherwise idle machine.
      project("soak", 400 * seconds, {
        globalSetup: [onTheBinary.globalSetup, "test/endings/require-dist.ts"],
        setupFiles: onTheBinary.setupFiles,
      }),
      project("package", 180 * seconds, { globalSetup: onTheBinary.globalSetup }),
    ],
  },
});

function project(name: string, testTimeout: number, options: UserWorkspaceConfig["test"] = {}) {
  return {
    extends: true as const,
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      testTimeout,
      hookTimeout: testTimeout,
      ...options,
    },
  };
}
