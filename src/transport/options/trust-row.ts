import { layConfig } from "../config/flatten-config.js";
import { projectTrust } from "../guard/project-trust.js";
import { isBoolean } from "./option-checks.js";
import type { OptionRow } from "./option-wires.js";

/** The row of `trustProject`. The folders of its value depend on the working directory. */
export const trustRow: OptionRow<boolean> = {
  summary: "Trusts the repository: codex loads its `.codex/` folder and AGENTS.md",
  values: "boolean (default false)",
  levels: ["thread"],
  check: isBoolean,
  appServerThread: {
    as: "`config.projects`",
    put: (value, draft) => layConfig(draft.config, { projects: projectTrust(draft.folder, value) }),
  },
  appServerTurn: "not offered",
  exec: {
    as: "`--config projects`",
    put: (value, draft) => {
      draft.managed["projects"] = projectTrust(draft.folder, value);
    },
  },
  onResume: "always",
};
