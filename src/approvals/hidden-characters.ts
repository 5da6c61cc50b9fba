/** Everything that is no visible character: line ends part commands and stop globs, and others hide what a person reads. */
export const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
