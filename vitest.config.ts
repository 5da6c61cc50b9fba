import { defineConfig } from "vitest/config";

const seconds = 1000;

export default defineConfig({
  test: {
    // Two cores on CI; the tests of endings measure real processes and must not starve each other.
    maxWorkers: 2,
    allowOnly: false,
    passWithNoTests: false,
    projects: [
      project("unit", 10 * seconds),
      project("contract", 60 * seconds, "test/global-setup.ts"),
      project("e2e", 60 * seconds, "test/global-setup.ts"),
      project("package", 180 * seconds),
    ],
  },
});

function project(name: string, testTimeout: number, globalSetup?: string) {
  return {
    extends: true as const,
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      testTimeout,
      hookTimeout: testTimeout,
      ...(globalSetup === undefined ? {} : { globalSetup, setupFiles: ["test/skip-without-codex.ts"] }),
    },
  };
}
