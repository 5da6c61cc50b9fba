import { allow, type ApprovalRule, deny, first, match } from "../../index.js";

/** The approval rules for the scripted model. They allow the two requests of the script and deny all others. */
export const demoRules: ApprovalRule = first(
  match(
    { command: "git commit --all --message 'Count the first number, too'" },
    allow("commits are fine in the demo's own repository"),
  ),
  match({ tool: "close_ticket" }, allow("the ticket is the demo's own")),
  deny("the demo needs nothing else"),
);
