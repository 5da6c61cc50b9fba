import { message, respond, shell } from "codexkit/testing";

/** The model's answers in `npm run examples`. */
export const steps = [respond(shell("git log -1")), respond(message("- The project was started."))];
