// Before `npm test` and `npm run demo`: an older Node would fail with a SyntaxError that does not say why.
const OLDEST = 20;
if (Number.parseInt(process.versions.node, 10) < OLDEST) {
  console.error(`This needs Node ${OLDEST} or newer; this is Node ${process.versions.node}.`);
  process.exitCode = 1;
}
