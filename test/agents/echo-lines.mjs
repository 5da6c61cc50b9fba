// Echoes its input byte for byte and ends with code 0 when the input ends.
process.stdin.pipe(process.stdout);
