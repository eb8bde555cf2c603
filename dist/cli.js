#!/usr/bin/env node
// src/entry/cli.ts
/** Nothing else is imported here: an older Node would fail with a SyntaxError before it could say why. */
const OLDEST_NODE = 20;
if (Number.parseInt(process.versions.node, 10) >= OLDEST_NODE) await import("./command-line.js");
else {
	process.stderr.write(`Error: codex-auth-roundtrip needs Node ${OLDEST_NODE} or newer; this is Node ${process.versions.node}.\n  Install a newer Node, for example from https://nodejs.org.
`);
	process.exitCode = 2;
}

export {  };