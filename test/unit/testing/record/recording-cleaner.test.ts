import { describe, expect, it } from "vitest";
import { createCleaner } from "../../../../src/testing/record/recording-cleaner.js";
import { gitVariablesAfter } from "../../../../src/transport/guard/git-environment.js";

describe("the cleaner of recordings", () => {
  it("[K] keeps texts that equal a setting of git that codexkit adds, such as /dev/null", () => {
    const cleaner = createCleaner([]);
    cleaner.value({ config: { "shell_environment_policy.set": gitVariablesAfter({}) } });
    const settings = Object.entries(gitVariablesAfter({}));
    cleaner.argv(settings.flatMap(([name, value]) => ["--config", `shell_environment_policy.set.${name}="${value}"`]));
    const line = { command: "git log 2>/dev/null", multiAgentMode: "explicitRequestOnly", text: "core.hooksPath" };
    expect(cleaner.line(JSON.stringify(line))).toEqual({ json: line });
  });

  it("[K] removes a value of a table of variables from later lines", () => {
    const cleaner = createCleaner([]);
    cleaner.value({
      config: { "shell_environment_policy.set": { GIT_CONFIG_VALUE_0: "AUTHORIZATION: basic QWxhZGRpbg==" } },
    });
    expect(cleaner.text("sent AUTHORIZATION: basic QWxhZGRpbg== once")).not.toContain("QWxhZGRpbg");
  });
});
