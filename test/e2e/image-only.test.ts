import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { message, respond } from "../../src/testing/index.js";
import { openRealCodex, transports } from "./real-codex.js";

const onePixelPng = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

describe.each(transports)("an input without text, %s", (transport) => {
  it("[A3.3] an image alone is an input, in a new thread and in a resumed one", async () => {
    const steps = [respond(message("A pixel.")), respond(message("The same pixel."))];
    await using stand = await openRealCodex(transport, steps);
    const path = join(stand.workTree, "pixel.png");
    await writeFile(path, Buffer.from(onePixelPng, "base64"));
    const thread = stand.codex.startThread(stand.thread);
    expect((await thread.run([{ type: "local_image", path }])).finalResponse).toBe("A pixel.");
    const blank = { type: "text", text: " \n" } as const;
    expect((await thread.run([blank, { type: "local_image", path }])).finalResponse).toBe("The same pixel.");
    for (const { input } of stand.model.requests)
      expect(JSON.stringify(input.at(-1))).toContain("data:image/png;base64,");
    await stand.model.assertDone();
  });
});
