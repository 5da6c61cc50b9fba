// Does not even answer `--version`: it writes nothing and never ends.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

// The shared stand-in is not imported, because it would answer.
writeFileSync(join(process.env["CODEXKIT_CASE_FOLDER"] ?? ".", "mid-turn"), "");
setInterval(() => {}, 60_000);
